-- Eligible calls of a span of local days without an alternative, by the newest reason: those that ended or were decided without one, and those still open and undecided. $1 center, $2 first day, $3 last day.
select code, count(*) filter (where settled) as calls, count(*) filter (where not settled) as waiting
from (
    select unmet.code, call.state = 'closed' or coalesce(decision.state not in ('expired', 'released'), false) as settled
    from unmet join call on call.id = unmet.call_id left join decision on decision.id = call.decision_id
    where unmet.center_id = $1 and unmet.day between $2 and $3 and unmet.served_at is null
) as standing
group by code
