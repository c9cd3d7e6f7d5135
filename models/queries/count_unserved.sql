-- Eligible calls of a span of local days that got no alternative, by the newest reason. $1 center, $2 first day, $3 last day.
select code, count(*) as calls from unmet
where center_id = $1 and day between $2 and $3 and served_at is null
group by code
