-- A machine that may call. $1 id, $2 token hash, $3 center, $4 name, $5 role.
insert into service_token (id, token_hash, center_id, name, role) values ($1, $2, $3, $4, $5)
