-- An open call that nothing hangs on: nobody was to look at it, nobody was proposed or sent, it is linked to none. Its
-- version names the row as it was read. $1 center, $2 call.
select v.*, c.xmin::text as version
from console_call_v1 v join call c on c.id = v.call_id
where c.id = $2 and v.call_id = $2 and (v.center_id = $1) is true and (c.state = 'open') is true and c.review_state = 'none'
  and c.recommendation_id is null and c.decision_id is null and c.outcome_id is null
  and not coalesce((c.assessment_view ->> 'flag')::boolean, false)
  and not exists (select from unmet u where u.call_id = c.id)
  and not exists (select from alert a where a.call_id = c.id and a.resolved_at is null)
  and cardinality(v.links) = 0
