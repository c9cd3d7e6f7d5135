-- Units that can be sent, and whether a call holds them: one row, one call, so no unit is ever in two places.
create table unit (
    center_id     text not null references center,
    id            text not null,
    agency        text not null,
    kind          text not null,
    crew          jsonb not null default '[]',
    capabilities  text[] not null default '{}',
    status        text not null,                     -- EIDO secondary status
    status_at     timestamptz not null,
    status_seq    bigint,
    lat           double precision,
    lon           double precision,
    position_at   timestamptz,
    position_seq  bigint,
    shift_ends_at timestamptz,
    call_id       uuid references call,
    decision_id   uuid,
    hold          text check (hold in ('reserved', 'sent', 'received')),
    staged        boolean not null default false,
    primary key (center_id, id),
    check ((call_id is null) = (hold is null)),
    check ((call_id is null) = (decision_id is null))
);
create index unit_held on unit (call_id) where call_id is not null;
