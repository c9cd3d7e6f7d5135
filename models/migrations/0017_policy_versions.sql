-- A center's dispatch policies, every version kept with who set it, why and from when on it holds, so that a plan can be made again as it was.
create table center_policy (
    center_id       text not null references center,
    version         integer not null check (version > 0),
    digest          text,                            -- as its recommendations carry it; null: set before versions were kept
    body            text not null,                   -- TOML; empty: the packaged policy
    effective_from  timestamptz not null,            -- of those whose time has come the latest holds, of two at one time the later version
    by              text not null,
    reason          text not null,
    at              timestamptz not null default clock_timestamp(),
    primary key (center_id, version)
);

create trigger center_policy_append_only before update or delete on center_policy
    for each row execute function refuse_change_v1();

-- center.policy stays for a release that still runs, and nothing reads it from now on.
insert into center_policy (center_id, version, body, effective_from, by, reason)
select id, 1, policy, created_at, 'tandem', 'set before versions were kept' from center where policy is not null;
