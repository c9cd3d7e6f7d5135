-- The log by months, so that an old month goes as one table and what is read stays as small as what is kept.
-- Nothing is copied: a log that is there already becomes the part that ends with this month.

-- (center_id, seq) stays unique across the parts by construction: the center's counter row gives each number once.
alter table event drop constraint event_pkey;
drop index event_call, event_decision;
alter table event rename to event_so_far;

create table event (
    center_id   text not null,
    seq         bigint not null,
    at          timestamptz not null,
    type        text not null,
    call_id     uuid,
    body        json not null,                       -- json, not jsonb: the bytes that were written are the bytes that are sent
    primary key (center_id, seq, at)
) partition by range (at);
create index event_call on event (call_id, seq) where call_id is not null;
create index event_decision on event (center_id, seq) where type in ('pairing.decided.v1', 'decision.progressed.v1');

-- What has no month of its own: a clock gone astray never refuses a call.
create table event_default partition of event default;

create function log_month_v1(moment timestamptz) returns text language sql stable as $$
    select 'event_' || to_char(moment at time zone 'UTC', 'YYYY_MM')
$$;

-- Make the part for the month of a moment; its name, or null where it was there. Events of that month that had to go
-- to the default part come over. The log is locked, for who had chosen the default part a moment ago would be refused;
-- not for long: who reads it longer than a tenth of a second goes first, and this is tried again later.
create function make_log_month_v1(moment timestamptz) returns text language plpgsql set lock_timeout = '100ms' as $$
declare
    name text := log_month_v1(moment);
    first timestamptz := date_trunc('month', moment, 'UTC');
    after timestamptz := date_trunc('month', first + interval '32 days', 'UTC');
begin
    if to_regclass(name) is not null then
        return null;
    end if;
    lock table only event in access exclusive mode;
    execute format('create table %I (like event)', name);
    execute format('with come as (delete from event_default where at >= $1 and at < $2 returning *)
                    insert into %I select * from come', name) using first, after;
    execute format('alter table event attach partition %I for values from (%L) to (%L)', name, first, after);
    return name;
end $$;

do $$
declare
    name text := log_month_v1(now());
    after timestamptz := date_trunc('month', date_trunc('month', now(), 'UTC') + interval '32 days', 'UTC');
begin
    if exists (select from event_so_far) then
        with ahead as (delete from event_so_far where at >= after returning *) insert into event select * from ahead;
        execute format('alter table event_so_far rename to %I', name);
        execute format('alter table event attach partition %I for values from (minvalue) to (%L)', name, after);
    else
        drop table event_so_far;
        perform make_log_month_v1(now());
    end if;
    perform make_log_month_v1(after);
end $$;
