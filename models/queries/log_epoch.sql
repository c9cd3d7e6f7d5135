-- Identity of a center's log: this cluster, this database, this timeline, this generation. $1 center.
select s.system_identifier::text || '.' || d.oid || '.' || c.timeline_id || '.' || l.generation
from pg_control_system() s, pg_control_checkpoint() c, pg_database d, center_log l
where l.center_id = $1 and d.datname = current_database()
