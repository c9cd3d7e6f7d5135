-- Head of one center's log. $1 center.
select seq from center_log where center_id = $1
