-- Closed calls of the past, written straight into the tables as the service leaves them after its own retention.
create temp table told (
    flagged boolean, place integer, nature text, words text, later text, view jsonb, stands jsonb, reading json,
    primary key (flagged, place)
);
create temp table made (event text, plan jsonb, shown jsonb, answer text);

-- Version 7 ids of a past moment; `kind` keeps rows of one call apart.
create function pg_temp.id_at(at timestamptz, n bigint, kind integer) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
            || '8' || lpad(to_hex(n), 15, '0'))::uuid
$$;

-- Calls number `first` to `first + number - 1`, `step` apart from `since` on. Half of them are those of the busy centers.
create function pg_temp.write_history(
    first bigint, number integer, since timestamptz, step interval, centers integer, busy integer, kept_since timestamptz
) returns void language plpgsql as $$
begin
    create temp table old on commit drop as
    select n, 'bench' || lpad((case when n % 2 = 0 or centers = busy then n / 2 % busy else busy + n / 2 % (centers - busy) end)::text, 4, '0') as center_id,
           since + (n - first) * step as at, n % 1000 < 131 as flagged, n % 3 = 0 as longer
    from generate_series(first, first + number - 1) n;
    create temp table past on commit drop as
    select o.*, pg_temp.id_at(at, n, 0) as id, at + interval '45 minutes' as closed_at, t.nature, t.words, t.later, t.view, t.stands, t.reading
    from old o cross join lateral (select count(*)::integer as all_of from told where flagged = o.flagged) k
    join told t on t.flagged = o.flagged and t.place = (o.n / 7) % k.all_of;

    insert into call (
        id, center_id, external_id, number, source, received_at, taken_at, nature, priority, beat, place, lat, lon, caller, quality,
        state, closed_at, text_version, assessed_version, assessment_id, assessment_view, standing, decision_version,
        recommendation_id, decision_id, outcome_id, on_board)
    select id, center_id, 'H' || n, 'H' || n, '911', at - interval '20 seconds', at, nature, 3, n % 9 || 'A', n % 9000 || ' ELM ST',
           39.1 + n % 100 / 1000.0, -86.5 - n % 97 / 1000.0, '{"relation": "neighbor"}', '{}', 'closed', closed_at, 1 + longer::integer,
           1 + longer::integer, pg_temp.id_at(at, n, 1), view, stands, 3,
           case when flagged then pg_temp.id_at(at, n, 2) end, case when flagged and n % 3 > 0 then pg_temp.id_at(at, n, 3) end,
           case when flagged and n % 3 > 0 then pg_temp.id_at(at, n, 4) end, false
    from past order by n;
    insert into entry (call_id, ordinal, text, at, received_at)
    select id, 0, words, at, at from past
    union all
    select id, 1, later, at + interval '2 minutes', at + interval '2 minutes' from past where longer order by 1, 2;
    insert into assessment (id, call_id, text_version, at, artefact, body)
    select pg_temp.id_at(at, n, 1), id, 1 + longer::integer, at, 'bench', reading from past
    union all
    select pg_temp.id_at(at, n, 5), id, 1, at, 'bench', reading from past where longer and at >= kept_since order by 1;

    insert into recommendation (id, center_id, call_id, revision, at, decision_version, policy, status, view)
    select pg_temp.id_at(at, n, 2), center_id, id, 1, at, 2, 'bench', case when n % 3 > 0 then 'accepted' else 'withdrawn' end, plan
    from past, made where flagged order by n;
    insert into decision (id, center_id, call_id, recommendation_id, pairing_id, kind, state, by, role, at)
    select pg_temp.id_at(at, n, 3), center_id, id, pg_temp.id_at(at, n, 2), 'p1', 'accepted', 'finished', 'd.one', 'dispatcher', at
    from past where flagged and n % 3 > 0 order by n;
    insert into decision_unit (decision_id, unit_id, hold, left_at)
    select pg_temp.id_at(at, n, 3), 'COR-11', 'received', closed_at from past where flagged and n % 3 > 0 order by n;
    insert into decision_record (
        center_id, call_id, decision_id, at, by, role, action, text_version, assessment_id, decision_version, shown)
    select center_id, id, pg_temp.id_at(at, n, 3), at, 'd.one', 'dispatcher', 'accepted', 1, pg_temp.id_at(at, n, 1), 2, shown
    from past, made where flagged and n % 3 > 0 order by n;
    insert into outcome (id, center_id, call_id, at, by, role, facts, disposition, status)
    select pg_temp.id_at(at, n, 4), center_id, id, closed_at, 'c.one', 'clinician', '{"resolution": "on_scene_resolved"}', '18',
           case when n % 30 = 1 then 'provisional' else 'confirmed' end
    from past where flagged and n % 3 > 0 order by n;
    insert into diversion (outcome_id, counter, center_id, call_id, day, status, provisional_at)
    select pg_temp.id_at(at, n, 4), 'er_diversion', center_id, id, (closed_at at time zone 'America/Chicago')::date,
           case when n % 30 = 1 then 'provisional' else 'confirmed' end, closed_at
    from past where flagged and n % 3 > 0 order by n;
    insert into unmet (call_id, center_id, code, since, day)
    select id, center_id, 'NO_UNIT', at, (at at time zone 'America/Chicago')::date from past where flagged and n % 3 = 0 order by n;
    insert into alert (id, center_id, call_id, code, tier, raised_at, resolved_at)
    select pg_temp.id_at(at, n, 6), center_id, id, 'NOT_REACHED', 2, at, closed_at from past where flagged and n % 5 = 0 order by n;
    insert into call_link (call_id, other_id, kind, by, at)
    select id, before, 'related', 'cad', at
    from (select *, lag(id, 10) over (partition by center_id order by n) as before from past) pairs
    where n % 50 = 0 and before is not null;

    insert into audit (at, center_id, principal, role, action, object)
    select at, center_id, 'd.one', 'dispatcher', 'call.read', id::text from past order by n;
    insert into idempotency (center_id, principal, route, key, body_hash, status, response, at)
    select center_id, 'token:cad', 'POST /v1/calls', 'H' || n, sha256(n::text::bytea), 201, answer::json, at
    from past, made where at >= now() - interval '7 days' order by n;

    create temp table spoken on commit drop as
    select center_id, id, k, at + case k when 4 then interval '45 minutes' else k * interval '1 second' end as at, n
    from past cross join generate_series(1, 4) k where past.at >= kept_since;
    insert into event (center_id, seq, at, type, call_id, body)
    select s.center_id, l.seq + row_number() over (partition by s.center_id order by s.at, n, k), s.at,
           (array['call.taken.v1', 'call.changed.v1', 'call.changed.v1', 'call.closed.v1'])[k], id,
           replace(replace(replace(event, '@type', (array['call.taken.v1', 'call.changed.v1', 'call.changed.v1', 'call.closed.v1'])[k]),
                           '@id', id::text), '@at', to_char(s.at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::json
    from spoken s join center_log l using (center_id), made;
    update center_log l set seq = l.seq + m.more
    from (select center_id, count(*) as more from spoken group by 1) m where m.center_id = l.center_id;
end $$;
