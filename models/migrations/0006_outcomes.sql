-- How calls ended and what of it counts as a diversion; a count moves provisional -> confirmed -> reversed, never back.
create table outcome (
    id          uuid primary key,
    center_id   text not null references center,
    call_id     uuid not null references call,
    at          timestamptz not null,
    by          text not null,
    role        text not null,
    facts       jsonb not null,
    disposition text not null,
    status      text not null default 'provisional' check (status in ('provisional', 'confirmed', 'reversed', 'replaced')),
    decided_by  text,
    decided_at  timestamptz,
    reason      text
);
create index outcome_call on outcome (call_id, at);
create index outcome_provisional on outcome (center_id, at) where status = 'provisional';

create table diversion (
    outcome_id   uuid not null references outcome,
    counter      text not null check (counter in ('er_diversion', 'jail_diversion', 'police_dispatch_avoided')),
    center_id    text not null references center,
    call_id      uuid not null references call,
    day          date not null,                      -- local day of the center on which the outcome was reported
    status       text not null check (status in ('provisional', 'confirmed', 'reversed')),
    provisional_at timestamptz not null,
    confirmed_at timestamptz,
    confirmed_by text,
    reversed_at  timestamptz,
    reversed_by  text,
    reason       text,
    primary key (outcome_id, counter)
);
create index diversion_day on diversion (center_id, day);

-- The day's counts as last told to consoles: a snapshot reads this row, so that it equals the log at its seq.
create table center_counts (
    center_id  text primary key references center,
    view       jsonb not null
);
