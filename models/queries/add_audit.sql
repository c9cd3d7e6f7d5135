-- Who looked at or changed what. $1 center, $2 principal, $3 role, $4 action, $5 object, $6 params.
insert into audit (center_id, principal, role, action, object, params) values ($1, $2, $3, $4, $5, $6)
