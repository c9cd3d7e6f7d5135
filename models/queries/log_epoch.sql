-- Identity of a center's log: this cluster, this timeline, this generation. $1 center.
select s.system_identifier::text || '.' || c.timeline_id || '.' || l.generation
from pg_control_system() s, pg_control_checkpoint() c, center_log l
where l.center_id = $1
