-- Calls of a center without their text, newest first. $1 center, $2 state or null, $3 before (taken_at) or null, $4 limit.
select id::text, number, source, received_at, taken_at, nature, priority, beat, state, quality, on_board,
       (assessment_view ->> 'need')::double precision as need, (assessment_view ->> 'flag')::boolean as flag,
       (assessment_view ->> 'risk')::integer as risk, review_state, decision_version
from call
where center_id = $1 and ($2::text is null or state = $2) and ($3::timestamptz is null or taken_at < $3)
order by taken_at desc
limit $4
