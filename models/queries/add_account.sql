-- A person who may sign in. $1 id, $2 center, $3 username, $4 display name, $5 role, $6 password hash.
insert into account (id, center_id, username, display_name, role, password_hash) values ($1, $2, $3, $4, $5, $6)
on conflict (center_id, username) do nothing returning id
