-- One decision; lock its call first. $1 center, $2 decision.
select id, call_id, recommendation_id, pairing_id, kind, state, reason, route, staging, reconfirm, by, role, at, expires_at
from decision where center_id = $1 and id = $2
