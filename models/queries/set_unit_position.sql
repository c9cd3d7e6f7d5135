-- A newer position. $1 center, $2 unit, $3 lat, $4 lon, $5 at, $6 source_seq. No row: unknown unit or older than known.
update unit
set lat = $3, lon = $4, position_at = $5, position_seq = coalesce($6, position_seq)
where center_id = $1 and id = $2
  and (position_at is null or position_at < $5 or (position_at = $5 and position_seq < $6::bigint))
returning id
