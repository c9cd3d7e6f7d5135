-- How the newest calls were read. $1 center, $2 since, $3 at most so many, $4 of how many words are counted,
-- $5 after which moment they are held beside the reference.
with seen as materialized (
    select (assessment_view ->> 'need')::float8 as need, flag, assessment_view -> 'indicators' as indicators,
           taken_at, assessment_id
    from call where center_id = $1 and taken_at >= $2 and assessment_view is not null
    order by taken_at desc limit $3
), tenth as (
    select least(width_bucket(need, 0, 1, 10), 10) as bin, count(*) as calls,
           count(*) filter (where taken_at > $5) as later
    from seen group by 1
), named as (
    select k.name, count(*) as calls from seen, jsonb_object_keys(indicators) k (name) group by 1
), worded as (
    select sum((a.body ->> 'words')::integer) as words, sum((a.body ->> 'unknown_words')::integer) as unknown
    from (select assessment_id from seen order by taken_at desc limit $4) s
    join assessment a on a.id = s.assessment_id
)
select count(*) as calls, avg(need) as mean_need, count(*) filter (where flag) as flagged,
       (select array_agg(coalesce(calls, 0) order by b) from generate_series(1, 10) b left join tenth on bin = b) as histogram,
       (select array_agg(coalesce(later, 0) order by b) from generate_series(1, 10) b left join tenth on bin = b) as later,
       (select coalesce(jsonb_object_agg(name, calls), '{}') from named) as indicators,
       (select coalesce(words, 0) from worded) as words, (select coalesce(unknown, 0) from worded) as unknown
from seen
