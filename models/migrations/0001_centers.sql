-- A center is the tenant: who belongs to it, who may sign in, and the counter that numbers its log.
create table center (
    id          text primary key,
    name        text not null,
    timezone    text not null,
    synthetic   boolean not null default false,      -- demo, replay or training: marked on every screen, never mixed with live
    cad         text not null default 'feed' check (cad in ('feed', 'none')),
    policy      text,                                -- the center's own policy.toml; null = the one shipped
    created_at  timestamptz not null default now()
);

create table center_log (
    center_id   text primary key references center,
    seq         bigint not null default 0,           -- last number given; updated last in every transaction that writes events
    generation  integer not null default 1           -- raised by hand after a restore, so that consoles start anew
);

create table agency (
    center_id   text not null references center,
    id          text not null,
    name        text not null,
    kind        text not null check (kind in ('police', 'fire_rescue', 'hospital', 'crisis_provider')),
    primary key (center_id, id)
);

create table account (
    id            uuid primary key,
    center_id     text not null references center,
    username      text not null,
    display_name  text not null,
    role          text not null check (role in ('clinician', 'dispatcher', 'supervisor', 'manager', 'integrator', 'admin')),
    password_hash text not null,
    failures      integer not null default 0,        -- within the window that began at failing_since
    failing_since timestamptz,
    locked_at     timestamptz,                       -- until an administrator releases it (CJIS AC-7)
    disabled_at   timestamptz,
    created_at    timestamptz not null default now(),
    unique (center_id, username)
);

create table session (
    token_hash  bytea primary key,                   -- SHA-256; the token itself is only in the cookie
    account_id  uuid not null references account on delete cascade,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null
);
create index session_account on session (account_id);

create table service_token (
    id          uuid primary key,
    token_hash  bytea not null unique,
    center_id   text not null references center,
    name        text not null,
    role        text not null check (role in ('clinician', 'dispatcher', 'supervisor', 'manager', 'integrator', 'admin')),
    created_at  timestamptz not null default now(),
    revoked_at  timestamptz
);

create table audit (
    id          bigint generated always as identity primary key,
    at          timestamptz not null default clock_timestamp(),
    center_id   text,
    principal   text not null,
    role        text,
    action      text not null,                       -- sign_in, sign_in_refused, call.read, ...
    object      text,
    params      jsonb not null default '{}'
);
create index audit_center on audit (center_id, at);
