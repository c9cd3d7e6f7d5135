-- Lock units in id order, so that two transactions never wait for each other. $1 center, $2 unit ids.
select id, agency, kind, crew, capabilities, status, status_at, status_heard, status_seq, lat, lon, position_at, position_seq,
       shift_ends_at, call_id, decision_id, hold, staged
from unit where center_id = $1 and id = any($2::text[])
order by id
for no key update
