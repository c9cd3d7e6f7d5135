-- What happened to a call, newest last, without views. $1 center, $2 call.
-- Before the oldest event that is still kept the facts themselves tell it, with seq counted up to 0.
with told as (
    select seq, at, type, body from event where call_id = $2 and center_id = $1
    union all
    select seq, at, type, body from event_held where call_id = $2 and center_id = $1
), mine as (
    select id, taken_at, closed_at from call where id = $2 and (center_id = $1) is true
), record as (
    select at, by, action from mine join decision_record r on r.call_id = mine.id
), fact (at, type, by, what, gate, kind) as (
    select taken_at, 'call.taken.v1', null, null::json, null, null from mine
    union all
    select e.received_at, 'call.changed.v1', e.author, '["entry"]', null, null
    from mine join entry e on e.call_id = mine.id and e.received_at > mine.taken_at
    union all
    select at, 'call.changed.v1', by, '["flag"]', null, null from mine join indicator_flag f on f.call_id = mine.id
    union all
    select at, 'gate.released.v1', by, null, gate, null from mine join gate_release g on g.call_id = mine.id
    union all
    select at, 'call.reviewed.v1', by, null, null, null from record where action like 'review.%'
    union all
    select at, 'pairing.decided.v1', by, null, null, action from record
    where action in ('accepted', 'overridden', 'declined')
    union all
    select at, 'decision.progressed.v1', by, to_json(action), null, null from record
    where action in ('reconfirmed', 'secured', 'released')
    union all
    select at, 'outcome.recorded.v1', by, null, null, null from mine join outcome o on o.call_id = mine.id
    union all
    select closed_at, 'call.closed.v1', null, null, null, null from mine where closed_at is not null
)
select seq, at, type, body ->> 'by' as by, body -> 'what' as what, body ->> 'gate' as gate,
       body -> 'call' -> 'decision' ->> 'kind' as decision_kind,
       body -> 'call' -> 'recommendation' ->> 'revision' as revision
from told
union all
select row_number() over (order by at) - count(*) over (), at, type, by, what, gate, kind, null
from fact where at < coalesce((select min(at) from told), 'infinity')
order by seq
