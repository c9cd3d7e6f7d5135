-- The call got an alternative after all. $1 call, $2 at.
update unmet set served_at = $2 where call_id = $1 and served_at is null returning call_id
