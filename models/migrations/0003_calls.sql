-- Calls for service, their append-only text, and what was understood of it.
create sequence call_number;

create table call (
    id               uuid primary key,
    center_id        text not null references center,
    external_id      text,
    number           text not null,
    source           text not null check (source in ('911', 'officer', '988', 'other')),
    received_at      timestamptz not null,
    taken_at         timestamptz not null,
    nature           text not null,
    priority         integer,
    beat             text,
    place            text,
    lat              double precision,
    lon              double precision,
    caller           jsonb,
    attributes       jsonb not null default '{}',
    quality          text[] not null default '{}',
    state            text not null default 'open' check (state in ('open', 'closed')),
    closed_at        timestamptz,
    text_version     integer not null default 0,     -- entries it has
    assessed_version integer not null default -1,    -- entries the assessment has read; -1 = never assessed
    assess_attempts  integer not null default 0,
    assess_after     timestamptz,                    -- next retry of a failed assessment
    assessment_id    uuid,
    assessment_view  jsonb,
    standing         jsonb not null default '{"gates": [], "risk": 0}',
    decision_version integer not null default 1,
    review_state     text not null default 'none' check (review_state in ('none', 'flagged', 'set_aside')),
    review_by        text,
    review_at        timestamptz,
    review_reason    text,
    recommendation_id uuid,
    decision_id      uuid,
    outcome_id       uuid,
    on_board         boolean not null default true,
    unique (center_id, external_id)
);
create index call_board on call (center_id, received_at) where on_board;
create index call_listed on call (center_id, taken_at desc);
create index call_unassessed on call (assess_after) where assessed_version < text_version;

create table entry (
    call_id     uuid not null references call,
    ordinal     integer not null,                    -- order of arrival, from 0
    text        text not null,
    author      text,
    at          timestamptz,
    source_seq  bigint,
    received_at timestamptz not null,
    quality     text[] not null default '{}',
    primary key (call_id, ordinal)
);
create unique index entry_source on entry (call_id, source_seq) where source_seq is not null;

create table assessment (
    id           uuid primary key,
    call_id      uuid not null references call,
    text_version integer not null,
    at           timestamptz not null,
    artefact     text not null,
    body         json not null
);
create index assessment_call on assessment (call_id, text_version);

create table call_link (
    call_id   uuid not null references call,
    other_id  uuid not null references call,
    kind      text not null check (kind in ('duplicate', 'related')),
    by        text not null,
    at        timestamptz not null,
    primary key (call_id, other_id)
);

create table gate_release (
    id        uuid primary key,
    call_id   uuid not null references call,
    gate      text not null,
    mentions  text[] not null,
    role      text not null,
    reason    text not null,
    by        text not null,
    at        timestamptz not null
);
create index gate_release_call on gate_release (call_id);

create table indicator_flag (
    id         uuid primary key,
    call_id    uuid not null references call,
    indicator  text not null,
    action     text not null check (action in ('confirm', 'dismiss', 'add')),
    reason     text,
    by         text not null,
    role       text not null,
    at         timestamptz not null,
    artefact   text
);
create index indicator_flag_call on indicator_flag (call_id);

create table answer (
    id        uuid primary key,
    call_id   uuid not null references call,
    question  text not null,
    answer    text not null,
    by        text not null,
    at        timestamptz not null
);
create index answer_call on answer (call_id);
