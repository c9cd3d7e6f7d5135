-- Append a remark and what is now understood, with the event and the answer under its idempotency key ($5, may be null),
-- in one statement that is one transaction. No row when the key is known or the call is no longer as it was read; a
-- unique violation when the key is being used at this moment. The log's counter is locked last.
-- $1 center, $2 call, $3 version as read, $4 at, $6 principal, $7 route, $8 body hash, $9 answer, $10 event, $11 ordinal,
-- $12 text, $13 author, $14 said at, $15 quality, $16 assessment, $17 artefact, $18 its body, $19 view, $20 standing,
-- $21 decision version.
with changed as (
    update call
    set text_version = $11::integer + 1, assessed_version = $11::integer + 1, assessment_id = $16::uuid,
        assessment_view = $19, standing = $20, decision_version = $21, assess_attempts = 0, assess_after = null
    where id = $2 and (center_id = $1) is true and xmin = $3::text::xid and ($5::text is null or not exists (
        select from idempotency where center_id = $1 and principal = $6 and route = $7 and key = $5))
    returning id
), said as (
    insert into entry (call_id, ordinal, text, author, at, received_at, quality)
    select id, $11::integer, $12::text, $13::text, $14::timestamptz, $4::timestamptz, $15::text[] from changed
), understood as (
    insert into assessment (id, call_id, text_version, at, artefact, body)
    select $16::uuid, id, $11::integer + 1, $4::timestamptz, $17::text, $18::text::json from changed
), answered as (
    insert into idempotency (center_id, principal, route, key, body_hash, status, response)
    select $1, $6::text, $7::text, $5::text, $8::bytea, 200, $9::text::json from changed where $5::text is not null
    returning 1
), head as (
    update center_log set seq = seq + 1 from changed
    where center_id = $1 and (select count(*) from answered) >= 0
    returning seq
)
insert into event (center_id, seq, at, type, call_id, body)
select $1, seq, $4::timestamptz, 'call.changed.v1', $2::uuid, $10::text::json from head
returning seq
