-- Those of these centers that nobody plans for, now locked by this session. $1 first key of the locks, $2 centers.
select center_id from unnest($2::text[]) as wanted (center_id)
where pg_try_advisory_lock($1, hashtext(center_id))
