-- What people last said of each of a center's calls, with the text as they read it, oldest word first. $1 center, $2 words
-- from here on or null, $3 now. Words that are gone, due to go, or kept for a legal hold alone are not given: see left_out.
with word as (
    select distinct on (call_id) call_id, at, role, text_version, artefact
    from decision_record
    where center_id = $1 and (action like 'review.%' or action like 'indicator.%')
    order by call_id, id desc
), mine as (
    select word.*, c.nature, c.review_state, c.review_reason,
           c.closed_at + make_interval(days => r.days) as until,
           case when c.id in (select id from held_call) then 'held'
                when c.redacted_at is not null or c.closed_at + make_interval(days => r.days) < $3::timestamptz
                     or exists (select from entry e where e.call_id = c.id and e.text ~ '^█+$') then 'gone' end as left_out
    from word join call c on c.id = word.call_id left join retention r on r.center_id = c.center_id
    where $2::timestamptz is null or word.at >= $2
), flag as (
    select distinct on (f.call_id, f.indicator) f.call_id, f.indicator, f.action
    from mine join indicator_flag f on f.call_id = mine.call_id
    where f.mention is null
    order by f.call_id, f.indicator, f.at desc, f.id desc
), judged as (
    select call_id, array_agg(indicator order by indicator) filter (where action = 'confirm') as confirmed,
           array_agg(indicator order by indicator) filter (where action = 'dismiss') as dismissed,
           array_agg(indicator order by indicator) filter (where action = 'add') as added
    from flag group by call_id
)
select left_out, at, role, artefact, until,
       case when left_out is null then nature end as nature,
       case when left_out is null then array(
           select e.text from entry e where e.call_id = mine.call_id and e.ordinal < mine.text_version order by e.ordinal) end
           as entries,
       need_said_v1(review_state, review_reason) as need,
       coalesce(confirmed, '{}') as confirmed, coalesce(dismissed, '{}') as dismissed, coalesce(added, '{}') as added,
       array(select distinct f.mention from indicator_flag f
             where f.call_id = mine.call_id and f.mention is not null order by 1) as wrong_evidence
from mine left join judged on judged.call_id = mine.call_id
order by at, mine.call_id
