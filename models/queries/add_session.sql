-- A signed-in person. $1 token hash, $2 account, $3 expires at.
insert into session (token_hash, account_id, expires_at) values ($1, $2, $3)
