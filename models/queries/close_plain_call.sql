-- Close a call that nothing hangs on, with its event and the answer under its idempotency key ($5, may be null), in one
-- statement that is one transaction. No row when the key is known or the call is no longer as it was read; a unique
-- violation when the key is being used at this moment. The log's counter is locked last.
-- $1 center, $2 call, $3 version as read, $4 at, $6 principal, $7 route, $8 body hash, $9 answer, $10 event.
with closed as (
    update call set state = 'closed', closed_at = $4::timestamptz, on_board = false
    where id = $2 and (center_id = $1) is true and xmin = $3::text::xid and ($5::text is null or not exists (
        select from idempotency where center_id = $1 and principal = $6 and route = $7 and key = $5))
    returning id
), answered as (
    insert into idempotency (center_id, principal, route, key, body_hash, status, response)
    select $1, $6::text, $7::text, $5::text, $8::bytea, 200, $9::text::json from closed where $5::text is not null
    returning 1
), head as (
    update center_log set seq = seq + 1 from closed
    where center_id = $1 and (select count(*) from answered) >= 0
    returning seq
)
insert into event (center_id, seq, at, type, call_id, body)
select $1, seq, $4::timestamptz, 'call.closed.v1', $2::uuid, $10::text::json from head
returning seq
