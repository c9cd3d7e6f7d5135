-- How the first calls of a center were read, which later ones are held beside. $1 center, $2 so many.
with seen as materialized (
    select (assessment_view ->> 'need')::float8 as need, taken_at
    from call where center_id = $1 and assessment_view is not null order by taken_at limit $2
), tenth as (
    select least(width_bucket(need, 0, 1, 10), 10) as bin, count(*) as calls from seen group by 1
)
select (select array_agg(coalesce(calls, 0) order by b) from generate_series(1, 10) b left join tenth on bin = b) as histogram,
       (select max(taken_at) from seen) as until
