-- What each center's log and calls come to, for whoever backs up or restores.
select l.center_id, l.seq, e.at, (select count(*) from call where center_id = l.center_id) as calls
from center_log l left join event e on e.center_id = l.center_id and e.seq = l.seq
order by l.center_id
