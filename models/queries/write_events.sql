-- Number and write a transaction's events; the last statement of it, so seq follows commit order without gaps.
-- $1 center, $2 at, $3 types, $4 call ids (null where none), $5 bodies; all arrays of one length.
with head as (
    update center_log set seq = seq + cardinality($3::text[]) where center_id = $1 returning seq
)
insert into event (center_id, seq, at, type, call_id, body)
select $1, head.seq - cardinality($3::text[]) + e.position, $2, e.type, e.call_id, e.body::json
from head, unnest($3::text[], $4::uuid[], $5::text[]) with ordinality as e (type, call_id, body, position)
returning seq
