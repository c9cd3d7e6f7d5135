-- Identity of a center's log: this cluster, this database, this table, this timeline, this generation. $1 center.
-- A table that pg_restore made has another oid; the control file learns of a new timeline only with the next
-- checkpoint after a promotion, so the timeline is that of the write-ahead log itself.
select s.system_identifier::text || '.' || d.oid || '.' || l.tableoid || '.'
    || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '.' || l.generation
from pg_control_system() s, pg_database d, center_log l
where l.center_id = $1 and d.datname = current_database()
