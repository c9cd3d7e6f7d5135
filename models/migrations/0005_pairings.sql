-- Recommendations as immutable revisions, what was decided about them, and what people were told.
create table recommendation (
    id               uuid primary key,
    center_id        text not null references center,
    call_id          uuid not null references call,
    revision         integer not null,
    at               timestamptz not null,
    decision_version integer not null,
    policy           text not null,
    status           text not null check (status in ('proposed', 'superseded', 'withdrawn', 'accepted', 'overridden', 'declined')),
    view             jsonb not null,
    exclusions       jsonb not null default '[]',
    unique (call_id, revision)
);

create table decision (
    id                uuid primary key,
    center_id         text not null references center,
    call_id           uuid not null references call,
    recommendation_id uuid references recommendation,
    pairing_id        text,
    kind              text not null check (kind in ('accepted', 'overridden', 'declined')),
    state             text not null check (state in ('reserved', 'sent', 'received', 'expired', 'released', 'finished', 'standing')),
    reason            text,
    route             text,
    staging           text not null default 'none' check (staging in ('none', 'staging', 'secured')),
    reconfirm         jsonb not null default '[]',
    by                text not null,
    role              text not null,
    at                timestamptz not null,
    expires_at        timestamptz
);
create index decision_call on decision (call_id, at);
create index decision_expiring on decision (expires_at) where state = 'reserved';

create table decision_unit (
    decision_id uuid not null references decision,
    unit_id     text not null,
    staged      boolean not null default false,
    hold        text not null default 'reserved' check (hold in ('reserved', 'sent', 'received')),
    left_at     timestamptz,
    primary key (decision_id, unit_id)
);

-- Append-only: what was on the screen when a person decided. Nothing updates or deletes it.
create table decision_record (
    id               bigint generated always as identity primary key,
    center_id        text not null references center,
    call_id          uuid not null references call,
    decision_id      uuid references decision,
    at               timestamptz not null,
    by               text not null,
    role             text not null,
    action           text not null,
    reason           text,
    text_version     integer not null,
    assessment_id    uuid,
    artefact         text,
    policy           text,
    decision_version integer not null,
    shown            jsonb not null
);
create index decision_record_call on decision_record (call_id, id);

create function refuse_change_v1() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger decision_record_append_only before update or delete on decision_record
    for each row execute function refuse_change_v1();
create trigger entry_append_only before update or delete on entry
    for each row execute function refuse_change_v1();

create table alert (
    id              uuid primary key,
    center_id       text not null references center,
    call_id         uuid not null references call,
    code            text not null,
    tier            smallint not null,
    reasons         jsonb not null default '[]',
    count           integer not null default 1,
    raised_at       timestamptz not null,
    acknowledged_by text,
    acknowledged_at timestamptz,
    resolved_at     timestamptz
);
create unique index alert_open on alert (call_id, code) where resolved_at is null;
create index alert_center on alert (center_id) where resolved_at is null;

-- Eligible calls that got no alternative response, and why; New York had 13,042 of them and nobody had written it down.
create table unmet (
    call_id     uuid primary key references call,
    center_id   text not null references center,
    code        text not null,
    since       timestamptz not null,
    day         date not null,                       -- local day of the center
    served_at   timestamptz
);
create index unmet_day on unmet (center_id, day) where served_at is null;
