-- Events after each center's cursor, oldest first. $1 centers, $2 cursors, $3 at most so many a center.
select f.center_id, e.seq, e.type, e.body::text as body
from unnest($1::text[], $2::bigint[]) as f (center_id, after)
cross join lateral (
    select seq, type, body from event where center_id = f.center_id and seq > f.after order by seq limit $3
) e
order by f.center_id, e.seq
