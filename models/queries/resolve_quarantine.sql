-- A person has dealt with it. $1 center, $2 id, $3 by, $4 at.
update quarantine set resolved_by = $3, resolved_at = $4 where center_id = $1 and id = $2 and resolved_at is null returning id
