-- Statistics are looked after by the ten thousand rows: each look makes every session plan its statements anew.
-- What is looked for all day goes by unique keys and needs none; a hundredth of a young table came every minute, and a
-- busy center stood still for half a second each time.
alter table call set (
    autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_insert_threshold = 20000, autovacuum_analyze_threshold = 100000);
alter table entry set (autovacuum_vacuum_insert_threshold = 20000, autovacuum_analyze_threshold = 100000);
alter table assessment set (autovacuum_vacuum_insert_threshold = 20000, autovacuum_analyze_threshold = 100000);
alter table recommendation set (autovacuum_vacuum_threshold = 20000, autovacuum_analyze_threshold = 100000);
alter table unmet set (autovacuum_vacuum_threshold = 20000, autovacuum_analyze_threshold = 100000);
alter table idempotency set (
    autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_insert_threshold = 20000, autovacuum_analyze_threshold = 100000);

-- Nobody looks for a row by these; sorting thirty thousand views is the most of what statistics cost.
alter table call
    alter caller set statistics 0, alter attributes set statistics 0, alter assessment_view set statistics 0,
    alter standing set statistics 0, alter place set statistics 0;
alter table entry alter text set statistics 0;
alter table recommendation alter view set statistics 0, alter exclusions set statistics 0;
alter table decision_record alter shown set statistics 0;
alter table alert alter reasons set statistics 0;

-- As before, with the parts of the log looked after in the same way.
create or replace function make_log_month_v1(moment timestamptz) returns text language plpgsql set lock_timeout = '100ms' as $$
declare
    name text := log_month_v1(moment);
    first timestamptz := date_trunc('month', moment, 'UTC');
    after timestamptz := date_trunc('month', first + interval '32 days', 'UTC');
begin
    if to_regclass(name) is not null then
        return null;
    end if;
    lock table only event in access exclusive mode;
    execute format('create table %I (like event) with (
        autovacuum_vacuum_insert_threshold = 20000, autovacuum_analyze_threshold = 100000)', name);
    execute format('with come as (delete from event_default where at >= $1 and at < $2 returning *)
                    insert into %I select * from come', name) using first, after;
    execute format('alter table event attach partition %I for values from (%L) to (%L)', name, first, after);
    return name;
end $$;

do $$
declare
    part regclass;
begin
    for part in select inhrelid from pg_inherits where inhparent = 'event'::regclass loop
        execute format('alter table %s set (
            autovacuum_vacuum_insert_threshold = 20000, autovacuum_analyze_threshold = 100000)', part);
    end loop;
end $$;
