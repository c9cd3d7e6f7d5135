-- Move a decision on. $1 id, $2 state, $3 from states.
update decision set state = $2 where id = $1 and state = any($3::text[]) returning id
