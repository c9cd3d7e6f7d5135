-- Reserve free units for a decision; fewer rows than asked means somebody was faster. $1 center, $2 unit ids, $3 staged per unit, $4 call, $5 decision.
update unit u
set call_id = $4, decision_id = $5, hold = 'reserved', staged = w.staged
from unnest($2::text[], $3::boolean[]) as w (id, staged)
where u.center_id = $1 and u.id = w.id and u.call_id is null
returning u.id
