-- How many days after its closing a call keeps its words; null = for good. $1 center, $2 days.
insert into retention (center_id, days) values ($1, $2) on conflict (center_id) do update set days = excluded.days
