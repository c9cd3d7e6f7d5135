-- What a console sees of these calls, wherever they are, each found by its id. $1 center, $2 call ids.
select v.* from unnest($2::uuid[]) as wanted (id)
cross join lateral (select * from console_call_v1 where call_id = wanted.id offset 0) as v
where v.center_id = $1 order by v.call_id
