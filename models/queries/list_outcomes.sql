-- Outcomes of a center by status, newest first. $1 center, $2 status, $3 limit.
select o.id::text, o.call_id::text, c.number, c.nature, o.at, o.by, o.facts, o.disposition, o.status,
       array(select v.counter from diversion v where v.outcome_id = o.id order by 1) as counters
from outcome o join call c on c.id = o.call_id
where o.center_id = $1 and o.status = $2
order by o.at desc limit $3
