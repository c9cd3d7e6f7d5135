-- Accounts of that name, in one center or in any. $1 username, $2 center or null.
select id, center_id, username, display_name, role, password_hash, locked_at
from account where username = $1 and ($2::text is null or center_id = $2)
