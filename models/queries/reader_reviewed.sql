-- What clinicians said of the newest calls they looked at, by tenth of the need. $1 center, $2 since, $3 at most so many.
with seen as materialized (
    select (assessment_view ->> 'need')::float8 as need, review_state = 'flagged' as flagged
    from call
    where center_id = $1 and review_state <> 'none' and review_at >= $2 and assessment_view is not null
    order by review_at desc limit $3
)
select least(width_bucket(need, 0, 1, 10), 10) - 1 as tenth, count(*) as calls, avg(need) as need,
       count(*) filter (where flagged) as flagged
from seen group by 1 order by 1
