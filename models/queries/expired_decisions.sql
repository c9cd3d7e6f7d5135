-- Reservations nobody echoed in time. $1 centers, $2 now.
select center_id, id, call_id from decision
where state = 'reserved' and expires_at <= $2 and center_id = any($1::text[])
order by expires_at
