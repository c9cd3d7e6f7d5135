-- One revision, whole. $1 center, $2 id.
select id::text, call_id, revision, at, status, decision_version, policy, view, exclusions
from recommendation where center_id = $1 and id = $2
