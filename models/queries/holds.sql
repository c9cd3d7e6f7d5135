-- Holds of a center, newest first; only the standing ones of a call where $2 names one. $1 center, $2 call or null.
select h.id, c.number, h.call_id, h.reason, h.by, h.at, h.released_by, h.released_at, h.release_reason
from legal_hold h join call c on c.id = h.call_id
where h.center_id = $1 and ($2::uuid is null or (h.call_id = $2 and h.released_at is null))
order by h.id desc
