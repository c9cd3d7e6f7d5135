-- Of the next calls of a center closed before a moment: assessments and recommendations that another superseded and no
-- decision names; how many calls were looked at, null where there is none. $1 center, $2 closed before, $3 at most so many.
with due as (
    select c.id, c.closed_at, c.assessment_id, c.recommendation_id, c.id not in (select id from held_call) as free
    from call c join retention r on r.center_id = c.center_id
    where c.center_id = $1 and c.redacted_at is null
      and c.closed_at > r.tidied_to and c.closed_at < $2
    order by c.closed_at fetch first $3 rows with ties
), readings as (
    delete from assessment a using due
    where due.free and a.call_id = due.id and a.id is distinct from due.assessment_id
      and not exists (select from decision_record r where r.call_id = a.call_id and r.assessment_id = a.id)
), plans as (
    delete from recommendation r using due
    where due.free and r.call_id = due.id and r.id is distinct from due.recommendation_id
      and r.status in ('superseded', 'withdrawn')
      and not exists (select from decision d where d.recommendation_id = r.id)
)
update retention set tidied_to = (select max(closed_at) from due)
where center_id = $1 and exists (select from due)
returning (select count(*) from due)
