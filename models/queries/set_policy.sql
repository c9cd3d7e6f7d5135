-- A center's own dispatch policy. $1 center, $2 TOML text.
update center set policy = $2 where id = $1
