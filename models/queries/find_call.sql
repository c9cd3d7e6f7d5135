-- A call as a person names it: our id, our number or the CAD's own; locked against the purge. $1 center, $2 name.
select id, number from call
where center_id = $1 and (id::text = $2 or external_id = $2 or number = $2)
order by taken_at desc limit 1
for no key update
