-- A machine that may call no more. $1 center, $2 name, $3 at.
update service_token set revoked_at = $3 where center_id = $1 and name = $2 and revoked_at is null returning id
