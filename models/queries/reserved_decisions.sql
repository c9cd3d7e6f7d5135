-- Reservations that somebody has to echo in time. $1 centers.
select center_id, id, expires_at from decision
where state = 'reserved' and expires_at is not null and center_id = any($1::text[])
order by expires_at
