-- A hold ends; what it kept is due again. $1 center, $2 hold, $3 reason, $4 by, $5 at.
with released as (
    update legal_hold set released_by = $4, released_at = $5, release_reason = $3
    where center_id = $1 and id = $2 and released_at is null returning id, call_id
), again as (
    update retention set tidied_to = least(tidied_to, coalesce(
        (select min(c.closed_at) - interval '1 microsecond' from call c where c.id in (select id from held_call) and c.center_id = $1),
        tidied_to))
    where center_id = $1
)
select id, call_id from released
