-- Accounts of that name, locked; in one center or in any. $1 username, $2 center or null.
select id, center_id, username, display_name, role, password_hash, failures, failing_since, locked_at, disabled_at
from account where username = $1 and ($2::text is null or center_id = $2)
for update
