-- One account, locked. $1 account.
select id, center_id, username, display_name, role, password_hash, failures, failing_since, locked_at, disabled_at
from account where id = $1
for update
