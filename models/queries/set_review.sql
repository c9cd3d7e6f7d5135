-- The clinician's word. $1 call, $2 state, $3 by, $4 at, $5 reason, $6 decision version.
update call
set review_state = $2, review_by = $3, review_at = $4, review_reason = $5, decision_version = $6
where id = $1
