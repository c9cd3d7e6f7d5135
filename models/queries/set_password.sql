-- A new password also releases a locked account and ends its sessions. $1 center, $2 username, $3 password hash.
with changed as (
    update account set password_hash = $3, locked_at = null where center_id = $1 and username = $2 returning id
), ended as (
    delete from session where account_id in (select id from changed)
), released as (
    delete from sign_in_place where account_id in (select id from changed)
)
select id from changed
