-- The newest calls of a center with their words, those that retention blanked aside. $1 center, $2 at most so many.
select c.id, c.number, c.nature, coalesce(e.texts, '{}') as texts
from (
    select id, number, nature, taken_at from call
    where center_id = $1 and redacted_at is null order by taken_at desc limit $2
) c
left join lateral (select array_agg(text order by ordinal) as texts from entry where call_id = c.id) e on true
order by c.taken_at desc
