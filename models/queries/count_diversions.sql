-- Diversions of a span of local days by counter and status; a call counts once per counter. $1 center, $2 first day, $3 last day.
select counter, status, count(distinct call_id) as calls
from diversion where center_id = $1 and day between $2 and $3
group by counter, status
