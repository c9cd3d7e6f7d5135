-- The decision records of a call, oldest first. $1 call.
select at, by, role, action, reason, text_version, artefact, policy, decision_version, shown
from decision_record where call_id = $1 order by id
