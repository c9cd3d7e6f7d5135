-- Confirm, reverse or replace an outcome. $1 id, $2 status, $3 by, $4 at, $5 reason, $6 from states.
update outcome set status = $2, decided_by = $3, decided_at = $4, reason = $5
where id = $1 and status = any($6::text[]) returning id
