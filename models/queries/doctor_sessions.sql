-- Who is connected to this database, what they wait for and for how long; never what they asked.
select
    s.pid, coalesce(nullif(s.application_name, ''), 'nameless') as who,
    case when s.wait_event_type = 'Lock' then pg_blocking_pids(s.pid) else '{}' end as blocked_by,
    extract(epoch from clock_timestamp() - s.query_start)::float as asking,
    case when starts_with(s.state, 'idle in transaction')
        then extract(epoch from clock_timestamp() - s.state_change)::float else 0 end as idle_in_transaction
from pg_stat_activity s
where s.datname = current_database() and s.backend_type = 'client backend' and s.pid <> pg_backend_pid()
order by s.pid
