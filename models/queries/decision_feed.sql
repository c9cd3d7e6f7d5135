-- Decisions for the CAD, oldest first. $1 center, $2 after seq, $3 limit.
select e.seq, e.at, e.type, e.body -> 'call' -> 'decision' as decision, e.body -> 'what' as what,
       c.id::text as call_id, c.number, c.external_id, c.lat, c.lon
from event e join call c on c.id = e.call_id
where e.center_id = $1 and e.seq > $2 and e.type in ('pairing.decided.v1', 'decision.progressed.v1')
order by e.seq limit $3
