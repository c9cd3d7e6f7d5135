-- Calls of a center without their text, newest first. $1 center, $2 state or null, $3 before (taken_at) or null, $4 limit.
-- One branch a state, each in the order of its index: the few open ones are not looked for among all the closed ones.
with open as (
    select * from call
    where center_id = $1 and state = 'open' and $2::text is distinct from 'closed' and taken_at < coalesce($3::timestamptz, 'infinity')
    order by taken_at desc limit $4
), closed as (
    select * from call
    where center_id = $1 and state = 'closed' and $2::text is distinct from 'open' and taken_at < coalesce($3::timestamptz, 'infinity')
    order by taken_at desc limit $4
)
select id::text, number, source, received_at, taken_at, nature, priority, beat, state, quality, on_board,
       (assessment_view ->> 'need')::double precision as need, flag,
       (assessment_view ->> 'risk')::integer as risk, review_state, decision_version
from (select * from open union all select * from closed) listed
order by taken_at desc
limit $4
