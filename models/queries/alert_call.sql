-- The call of an alert. $1 center, $2 alert.
select call_id from alert where center_id = $1 and id = $2
