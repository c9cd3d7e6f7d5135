-- A center's own phrases, every version kept with who set it and why, so that an assessment can be made again as it was.
create table center_phrases (
    center_id  text not null references center,
    version    integer not null check (version > 0),
    digest     text not null,                        -- part of the artefact of every assessment made with them
    body       text not null,                        -- TOML; the newest version stands, an empty one takes all away
    by         text not null,
    reason     text not null,
    at         timestamptz not null default clock_timestamp(),
    primary key (center_id, version)
);

create trigger center_phrases_append_only before update or delete on center_phrases
    for each row execute function refuse_change_v1();

-- Scores are held beside what clinicians said of the newest calls they looked at.
create index call_reviewed on call (center_id, review_at desc) where review_state <> 'none';
