-- A person has dealt with it. $1 center, $2 id, $3 by, $4 at.
update quarantine set resolved_by = $3, resolved_at = $4 where id = $2 and (center_id = $1) is true and resolved_at is null returning id
