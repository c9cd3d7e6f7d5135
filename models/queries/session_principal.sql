-- Who holds a session cookie. Wrong passwords lock the door, not who is inside. $1 token hash, $2 now.
select a.center_id, a.username as name, a.display_name, a.role
from session s join account a on a.id = s.account_id
where s.token_hash = $1 and s.expires_at > $2 and a.disabled_at is null
