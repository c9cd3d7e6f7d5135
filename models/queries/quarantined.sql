-- One quarantined body. $1 center, $2 id.
select id::text, at, principal, route, reason, body from quarantine where center_id = $1 and id = $2
