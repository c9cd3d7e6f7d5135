-- Remember the answer under its key. $1 center, $2 principal, $3 route, $4 key, $5 status, $6 response.
update idempotency set status = $5, response = $6::text::json
where center_id = $1 and principal = $2 and route = $3 and key = $4
