-- The server as a doctor looks at it: version, settings, connections, rights, clock.
select
    current_setting('server_version_num')::int as version,
    pg_is_in_recovery() as standby,
    current_setting('fsync') as fsync,
    current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit,
    current_setting('data_checksums') as checksums,
    current_setting('archive_mode') as archive_mode,
    a.last_archived_time as archived_at,
    a.last_failed_time as archive_failed_at,
    current_setting('timezone') as time_zone,
    (select pg_encoding_to_char(encoding) from pg_database where datname = current_database()) as encoding,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true), '0')::int as places,
    (select count(*) from pg_stat_activity
     where backend_type = 'client backend' and not starts_with(application_name, 'tandem')) as taken_by_others,
    has_schema_privilege('public', 'create') as may_create,
    has_function_privilege('pg_control_system()', 'execute')
        and has_function_privilege('pg_walfile_name(pg_lsn)', 'execute')
        and has_function_privilege('pg_try_advisory_lock(bigint)', 'execute') as may_call,
    (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as may_create_databases,
    array(select datname::text from pg_database
          where starts_with(datname, current_database() || '_before_') order by 1) as kept,
    array(select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid
          where not i.indisvalid and c.relnamespace = 'public'::regnamespace order by 1) as invalid_indexes
from pg_stat_archiver a
