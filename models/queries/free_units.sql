-- Let units of a decision go; all of them when $2 is null. $1 decision, $2 unit ids or null, $3 at.
with freed as (
    update unit set call_id = null, decision_id = null, hold = null, staged = false
    where decision_id = $1 and ($2::text[] is null or id = any($2::text[]))
    returning id
), gone as (
    update decision_unit set left_at = $3
    where decision_id = $1 and left_at is null and ($2::text[] is null or unit_id = any($2::text[]))
)
select id from freed order by id
