-- How far a reservation has come. $1 center, $2 unit, $3 hold.
update unit set hold = $3 where center_id = $1 and id = $2 and call_id is not null
