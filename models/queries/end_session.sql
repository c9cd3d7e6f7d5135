-- Signed out. $1 token hash.
delete from session where token_hash = $1
