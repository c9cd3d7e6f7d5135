-- What clinicians say comes back to the classifier: a dismissal names the words that do not say what was read in them.
alter table indicator_flag add column mention text;  -- id of the mention; null = the indicator as a whole
update indicator_flag set mention = split_part(reason, ' ', 2) where reason like 'wrong\_evidence %' and action = 'dismiss';

-- What a challenger says of the readings in service: codes and numbers, no words. Nobody on the floor sees it.
create table shadow (
    assessment_id         uuid not null,              -- the reading in service; a superseded one may be gone
    challenger            text not null,              -- artefact that judged beside the one in service
    call_id               uuid not null references call,
    center_id             text not null references center,
    at                    timestamptz not null,
    champion              text not null,
    need                  double precision not null,
    flag                  boolean not null,
    indicators            text[] not null,            -- asserted ones
    challenger_need       double precision not null,
    challenger_flag       boolean not null,
    challenger_indicators text[] not null,
    primary key (assessment_id, challenger)
);
create index shadow_call on shadow (center_id, challenger, call_id, assessment_id desc);
create index shadow_newest on shadow (challenger, assessment_id desc);
alter table shadow set (autovacuum_vacuum_insert_threshold = 20000, autovacuum_analyze_threshold = 100000);

-- People's word on whether a call has a need: null where nobody said. A duplicate, or a call that somebody looks after
-- already, may well have one.
create function need_said_v1(state text, reason text) returns boolean language sql immutable parallel safe as $$
    select case when state = 'flagged' then true
                when state = 'set_aside' and reason in ('no_behavioral_need', 'crime_only', 'medical_only') then false end
$$;

-- Which classifier came into service, by whose word and why.
create table promotion (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    before  text not null,                       -- digest of the weights in service, or why there were none
    after   text not null,
    by      text not null,
    reason  text not null
);

-- A center that runs silently has its calls read and compared, and sees nothing of it.
alter table center add column silent boolean not null default false;
