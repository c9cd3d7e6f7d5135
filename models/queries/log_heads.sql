-- Head of every center's log.
select center_id, seq from center_log
