-- Two locked calls belong together; both rows count as changed. $1 call, $2 other, $3 kind, $4 by, $5 at.
with changed as (
    update call set state = state where id in ($1::uuid, $2::uuid)
)
insert into call_link (call_id, other_id, kind, by, at) values ($1, $2, $3, $4, $5)
on conflict (call_id, other_id) do update set kind = excluded.kind, by = excluded.by, at = excluded.at
