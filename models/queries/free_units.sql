-- Let units of a decision go, locked in id order; all of them when $2 is null. $1 decision, $2 unit ids or null, $3 at.
with held as (
    select center_id, id from unit
    where decision_id = $1 and ($2::text[] is null or id = any($2::text[]))
    order by id for no key update
), freed as (
    update unit u set call_id = null, decision_id = null, hold = null, staged = false
    from held where u.center_id = held.center_id and u.id = held.id
    returning u.id
), gone as (
    update decision_unit set left_at = $3
    where decision_id = $1 and left_at is null and ($2::text[] is null or unit_id = any($2::text[]))
)
select id from freed order by id
