-- The day's counts as they are told to consoles. $1 center, $2 view.
insert into center_counts (center_id, view) values ($1, $2)
on conflict (center_id) do update set view = excluded.view
