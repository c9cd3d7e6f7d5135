-- A new center with its log and its counts. $1 id, $2 name, $3 timezone, $4 synthetic, $5 cad.
with added as (
    insert into center (id, name, timezone, synthetic, cad) values ($1, $2, $3, $4, $5)
    on conflict (id) do nothing returning id
), counts as (
    insert into center_counts (center_id, view) select id, '{}' from added
)
insert into center_log (center_id) select id from added returning center_id
