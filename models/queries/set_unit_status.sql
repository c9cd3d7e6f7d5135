-- A unit's status as its CAD said it. $1 center, $2 unit, $3 status, $4 at, $5 source_seq.
update unit set status = $3, status_at = $4, status_seq = coalesce($5, status_seq), status_heard = true
where center_id = $1 and id = $2
