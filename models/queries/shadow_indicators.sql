-- The same for each indicator that one of them asserted or that people spoke of. $1 center, $2 challenger, $3 from here on or null.
with latest as (
    select distinct on (call_id) call_id, indicators, challenger_indicators
    from shadow
    where center_id = $1 and challenger = $2 and ($3::timestamptz is null or at >= $3)
    order by call_id, assessment_id desc
), word as (
    select distinct on (f.call_id, f.indicator) f.call_id, f.indicator as name, f.action <> 'dismiss' as said
    from latest join indicator_flag f on f.call_id = latest.call_id
    where f.mention is null
    order by f.call_id, f.indicator, f.at desc, f.id desc
), named as (
    select call_id, unnest(indicators || challenger_indicators) as name from latest
    union
    select call_id, name from word
)
select name,
       count(*) filter (where name = any (indicators) and name = any (challenger_indicators)) as both,
       count(*) filter (where name = any (indicators) and name <> all (challenger_indicators)) as champion_only,
       count(*) filter (where name <> all (indicators) and name = any (challenger_indicators)) as challenger_only,
       count(said) as judged,
       count(*) filter (where said = (name = any (indicators))) as champion_right,
       count(*) filter (where said = (name = any (challenger_indicators))) as challenger_right
from named join latest using (call_id) left join word using (call_id, name)
group by name order by name
