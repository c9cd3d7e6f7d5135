-- Number and write a transaction's events and remember its answer; the last statement of it, so seq follows commit order
-- without gaps. $1 center, $2 at, $3 types, $4 call ids (null where none), $5 bodies, all arrays of one length;
-- $6 principal, $7 route, $8 key (null: none), $9 status, $10 answer.
with answered as (
    update idempotency set status = $9, response = $10::text::json
    where center_id = $1 and principal = $6 and route = $7 and key = $8
    returning 1
), head as (
    update center_log set seq = seq + cardinality($3::text[])
    where center_id = $1 and cardinality($3::text[]) > 0 and (select count(*) from answered) >= 0
    returning seq
)
insert into event (center_id, seq, at, type, call_id, body)
select $1, head.seq - cardinality($3::text[]) + e.position, $2, e.type, e.call_id, e.body::json
from head, unnest($3::text[], $4::uuid[], $5::text[]) with ordinality as e (type, call_id, body, position)
returning seq
