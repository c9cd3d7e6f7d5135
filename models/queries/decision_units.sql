-- Units of a decision that have not left. $1 decision.
select unit_id, staged, hold from decision_unit where decision_id = $1 and left_at is null order by unit_id
