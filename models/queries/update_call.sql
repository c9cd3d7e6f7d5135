-- What a CAD may correct. $1 call, $2 nature, $3 priority, $4 beat, $5 place, $6 lat, $7 lon, $8 quality, $9 decision version.
update call
set nature = $2, priority = $3, beat = $4, place = $5, lat = $6, lon = $7, quality = $8, decision_version = $9,
    redacted_at = null
where id = $1
