-- The one log: what every console and planner follows, numbered without gaps in commit order.
create table event (
    center_id   text not null references center,
    seq         bigint not null,
    at          timestamptz not null,
    type        text not null,
    call_id     uuid,
    body        json not null,                       -- json, not jsonb: the bytes that were written are the bytes that are sent
    primary key (center_id, seq)
);
create index event_call on event (call_id, seq) where call_id is not null;
create index event_decision on event (center_id, seq) where type in ('pairing.decided.v1', 'decision.progressed.v1');

create table idempotency (
    center_id   text not null references center,
    principal   text not null,
    route       text not null,                       -- method and path
    key         text not null,
    body_hash   bytea not null,
    status      smallint,                            -- null while the first request is still inside its transaction
    response    json,
    at          timestamptz not null default now(),
    primary key (center_id, principal, route, key)
);
create index idempotency_at on idempotency (at);

create table quarantine (
    id          uuid primary key,
    center_id   text not null references center,
    at          timestamptz not null default now(),
    principal   text not null,
    route       text not null,
    reason      text not null,
    body        bytea not null,
    resolved_at timestamptz,
    resolved_by text
);
create index quarantine_open on quarantine (center_id, at) where resolved_at is null;
