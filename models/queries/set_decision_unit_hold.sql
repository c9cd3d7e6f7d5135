-- How far one unit's reservation has come. $1 decision, $2 unit, $3 hold.
update decision_unit set hold = $3 where decision_id = $1 and unit_id = $2
