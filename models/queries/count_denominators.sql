-- What the diversions are a share of: calls of the span, eligible, decided, with an outcome. $1 center, $2 first instant, $3 end.
select count(*) as calls,
       count(*) filter (where (flag and review_state <> 'set_aside') or review_state = 'flagged') as eligible,
       count(*) filter (where decision_id is not null) as decided,
       count(*) filter (where outcome_id is not null) as with_outcome
from call where center_id = $1 and taken_at >= $2 and taken_at < $3
