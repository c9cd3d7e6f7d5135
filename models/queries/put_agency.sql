-- An agency inside a center. $1 center, $2 id, $3 name, $4 kind.
insert into agency (center_id, id, name, kind) values ($1, $2, $3, $4)
on conflict (center_id, id) do update set name = excluded.name, kind = excluded.kind
