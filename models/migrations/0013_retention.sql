-- How long words are kept, what is under legal hold, and the one way in which words may be blanked.
create table retention (
    center_id   text primary key references center,
    days        integer check (days > 0),            -- words of a call go so many days after it was closed; null = never
    tidied_to   timestamptz not null default '-infinity'  -- superseded readings are gone of calls closed up to here
);

create table legal_hold (
    id             bigint generated always as identity primary key,
    center_id      text not null references center,
    call_id        uuid not null references call,
    reason         text not null,
    by             text not null,
    at             timestamptz not null,
    released_by    text,
    released_at    timestamptz,
    release_reason text
);
create index legal_hold_standing on legal_hold (call_id) where released_at is null;

-- Calls that nothing may be taken from: under hold, or linked to one that is, however far.
create view held_call as
with recursive held (id) as (
    select call_id from legal_hold where released_at is null
    union
    select l.id from held h cross join lateral (
        select other_id from call_link where call_id = h.id
        union all
        select call_id from call_link where other_id = h.id
    ) l (id)
)
select id from held;

alter table call add column redacted_at timestamptz;  -- words that come after the purge take it back: they are due again
create index call_words on call (center_id, closed_at) where closed_at is not null and redacted_at is null;

-- The same length, so that the offsets of mentions stay true.
create function blanked_v1(words text) returns text language sql immutable strict parallel safe as $$
    select repeat('█', char_length(words))
$$;

create function blanked_entry_v1(e entry) returns entry language plpgsql immutable as $$
begin
    e.text := blanked_v1(e.text);
    e.author := null;
    return e;
end $$;

-- What was decided, by whom and on which codes stays; where it was and what people typed goes.
create function blanked_record_v1(r decision_record) returns decision_record language plpgsql immutable as $$
declare
    part text;
begin
    r.reason := blanked_v1(r.reason);
    if jsonb_typeof(r.shown -> 'call') = 'object' then
        r.shown := jsonb_set(r.shown, '{call}', r.shown -> 'call' || '{"place": null, "lat": null, "lon": null}');
        foreach part in array array['review', 'decision'] loop
            if r.shown #>> array['call', part, 'reason'] is not null then
                r.shown := jsonb_set(r.shown, array['call', part, 'reason'],
                                     to_jsonb(blanked_v1(r.shown #>> array['call', part, 'reason'])));
            end if;
        end loop;
    end if;
    return r;
end $$;

-- Append-only but for redact_calls_v1, and even there nothing but blanking passes: no word can be changed into another.
create function refuse_all_but_blanking_v1() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and current_setting('tandem.redacting', true) = 'yes' then
        if tg_table_name = 'entry' then
            if new is not distinct from blanked_entry_v1(old) then
                return new;
            end if;
        elsif new is not distinct from blanked_record_v1(old) then
            return new;
        end if;
    end if;
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
drop trigger decision_record_append_only on decision_record;
drop trigger entry_append_only on entry;
create trigger decision_record_append_only before update or delete on decision_record
    for each row execute function refuse_all_but_blanking_v1();
create trigger entry_append_only before update or delete on entry
    for each row execute function refuse_all_but_blanking_v1();

-- Take the words from closed calls; what was counted, decided and understood stays. Held calls are passed over, a call
-- somebody works on waits for the next round, and each call is written into the audit. Returns those that were blanked.
create function redact_calls_v1(ids uuid[], days integer) returns table (call_id uuid, on_board boolean)
language plpgsql as $$
#variable_conflict use_column
declare
    due uuid[];
begin
    -- the lock first, the look after it: a hold that came before is seen, one that comes now waits for us
    due := array(select id from call where id = any (ids) and closed_at is not null order by id for update skip locked);
    due := array(select id from unnest(due) id where id not in (select id from held_call));
    perform set_config('tandem.redacting', 'yes', true);
    update entry e set (text, author) = (select b.text, b.author from blanked_entry_v1(e) b) where e.call_id = any (due);
    update decision_record r set (reason, shown) = (select b.reason, b.shown from blanked_record_v1(r) b)
    where r.call_id = any (due);
    perform set_config('tandem.redacting', '', true);
    update answer set answer = blanked_v1(answer) where call_id = any (due);
    update gate_release set reason = blanked_v1(reason) where call_id = any (due);
    update indicator_flag set reason = blanked_v1(reason) where call_id = any (due);
    update decision set reason = blanked_v1(reason) where call_id = any (due);
    delete from assessment a using call c where c.id = a.call_id and a.call_id = any (due)
        and a.id is distinct from c.assessment_id
        and not exists (select from decision_record r where r.call_id = a.call_id and r.assessment_id = a.id);
    delete from recommendation r using call c where c.id = r.call_id and r.call_id = any (due)
        and r.status in ('superseded', 'withdrawn') and r.id is distinct from c.recommendation_id
        and not exists (select from decision d where d.recommendation_id = r.id);
    insert into audit (center_id, principal, role, action, object, params)
    select center_id, 'retention', 'service', 'call.redacted', id::text,
           jsonb_build_object('days', days, 'entries', text_version, 'closed_at', closed_at)
    from call where id = any (due);
    return query
    update call set place = null, lat = null, lon = null, caller = null, attributes = '{}',
                    review_reason = blanked_v1(review_reason), redacted_at = clock_timestamp()
    where id = any (due) returning id, on_board;
end $$;

-- Events of held calls whose month is gone; no part of the log that is followed, only of what a call's reader sees.
create table event_held (
    like event,
    primary key (center_id, seq)
);
create index event_held_call on event_held (call_id);

-- Let the oldest month of the log go that ended before a moment; its name, or null where there is none. Events of held
-- calls are kept apart first, and no hold can come between that look and the drop. Writers of the log are held up by
-- the drop alone, which is a matter of the catalogue; it waits for no reader longer than a tenth of a second.
create function drop_log_month_v1(before timestamptz) returns text language plpgsql set lock_timeout = '100ms' as $$
declare
    month text := (
        select min(c.relname::text) from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'event'::regclass and c.relname ~ '^event_\d{4}_\d\d$');
begin
    if month is null or month >= log_month_v1(before) then
        return null;
    end if;
    lock table legal_hold in share mode;
    execute format('insert into event_held select e.* from %I e where call_id in (select id from held_call)
                    on conflict do nothing', month);
    execute format('drop table %I', month);
    return month;
end $$;
