-- A later fact speaks against it. $1 outcome, $2 at, $3 by, $4 reason.
update diversion set status = 'reversed', reversed_at = $2, reversed_by = $3, reason = $4
where outcome_id = $1 and status <> 'reversed'
