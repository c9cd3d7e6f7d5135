-- Every center's log: its identity as in log_epoch and its head.
select l.center_id, l.seq,
    s.system_identifier::text || '.' || d.oid || '.' || l.tableoid || '.'
    || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '.' || l.generation as epoch
from pg_control_system() s, pg_database d, center_log l
where d.datname = current_database()
