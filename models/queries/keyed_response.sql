-- What was answered under a key. $1 center, $2 principal, $3 route, $4 key.
select body_hash, status, response::text as response from idempotency
where center_id = $1 and principal = $2 and route = $3 and key = $4
