-- The call that holds a unit, if any. $1 center, $2 unit.
select id, call_id from unit where center_id = $1 and id = $2
