-- Reserve a decision's free units; fewer rows than asked: somebody was faster. $1 center, $2 decision, $3 call, $4 unheld.
update unit u
set call_id = $3, decision_id = $2, hold = 'reserved', staged = w.staged
from decision_unit w
where w.decision_id = $2 and u.center_id = $1 and u.id = w.unit_id and u.call_id is null and u.id <> all($4::text[])
returning u.id
