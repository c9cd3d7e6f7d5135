-- Unresolved quarantine of a center, newest first. $1 center, $2 limit.
select id::text, at, principal, route, reason, octet_length(body) as bytes from quarantine
where center_id = $1 and resolved_at is null order by at desc limit $2
