-- The causes are gone. $1 call, $2 codes, $3 at.
update alert set resolved_at = $3 where call_id = $1 and code = any($2::text[]) and resolved_at is null returning id
