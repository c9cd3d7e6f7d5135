-- Calls whose words have been kept long enough, oldest first, without those under hold. $1 center, $2 closed before, $3 limit.
select id from call
where center_id = $1 and redacted_at is null and closed_at < $2
  and id not in (select id from held_call)
order by closed_at limit $3
