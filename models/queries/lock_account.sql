-- One account, its row locked. $1 account.
select id, password_hash, locked_at, disabled_at from account where id = $1 for update
