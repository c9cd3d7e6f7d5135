-- What a console sees of units: all of the center (no $2), or these. $1 center, $2 unit ids or null.
select id, agency, kind, crew, capabilities, status, status_at, lat, lon, position_at, shift_ends_at,
       call_id::text, hold, staged
from unit
where center_id = $1 and ($2::text[] is null or id = any($2::text[]))
order by id
