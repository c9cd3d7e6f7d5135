-- An eligible call has no alternative response; the newest reason stands. $1 call, $2 center, $3 code, $4 since, $5 local day.
insert into unmet (call_id, center_id, code, since, day) values ($1, $2, $3, $4, $5)
on conflict (call_id) do update set code = excluded.code, served_at = null
where unmet.code <> excluded.code or unmet.served_at is not null
returning call_id
