-- A new call with its first remark ($20, may be null), what was understood of it ($21 id, may be null), its event and the
-- answer under its idempotency key ($25, may be null), in one statement that is one transaction. No row when the key or the
-- CAD's number is known; a unique violation when the key is being used at this moment. Each part follows the one before:
-- the log's counter is locked last.
-- $1 to $19 in the order of the columns, $22 artefact, $23 assessment, $24 event, $26 principal, $27 route, $28 body hash,
-- $29 answer, $30 when to read the words again.
with new as (
    insert into call (
        id, center_id, external_id, number, source, received_at, taken_at, nature, priority, beat, place, lat, lon,
        caller, attributes, quality, text_version, assessed_version, assessment_view, standing, assess_after, assessment_id)
    select $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::timestamptz, $7::timestamptz, $8::text, $9::integer,
           $10::text, $11::text, $12::float8, $13::float8, $14::jsonb, $15::jsonb, $16::text[],
           case when $20::text is null then 0 else 1 end, $17::integer, $18::jsonb, $19::jsonb, $30::timestamptz, $21::uuid
    where $25::text is null or not exists (
        select from idempotency where center_id = $2 and principal = $26 and route = $27 and key = $25)
    on conflict (center_id, external_id) do nothing
    returning id
), said as (
    insert into entry (call_id, ordinal, text, at, received_at)
    select id, 0, $20::text, $6::timestamptz, $7::timestamptz from new where $20::text is not null
), understood as (
    insert into assessment (id, call_id, text_version, at, artefact, body)
    select $21::uuid, id, case when $20::text is null then 0 else 1 end, $7::timestamptz, $22::text, $23::text::json
    from new where $21::uuid is not null
), answered as (
    insert into idempotency (center_id, principal, route, key, body_hash, status, response)
    select $2, $26::text, $27::text, $25::text, $28::bytea, 201, $29::text::json from new where $25::text is not null
    returning 1
), head as (
    update center_log set seq = seq + 1 from new
    where center_id = $2 and (select count(*) from answered) >= 0
    returning seq
)
insert into event (center_id, seq, at, type, call_id, body)
select $2, seq, $7::timestamptz, 'call.taken.v1', $1::uuid, $24::text::json from head
returning seq
