-- How champion and challenger flagged a center's calls, each by its newest reading, and what people said. $1 center,
-- $2 challenger, $3 read from here on or null.
with latest as (
    select distinct on (call_id) call_id, champion, need, flag, challenger_need, challenger_flag
    from shadow
    where center_id = $1 and challenger = $2 and ($3::timestamptz is null or at >= $3)
    order by call_id, assessment_id desc
)
select l.flag as champion, l.challenger_flag as challenger, need_said_v1(c.review_state, c.review_reason) as said,
       count(*) as calls, sum(abs(l.need - l.challenger_need)) as apart, array_agg(distinct l.champion) as champions
from latest l join call c on c.id = l.call_id
group by 1, 2, 3 order by 1, 2, 3
