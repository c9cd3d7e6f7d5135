-- What happened to a call, newest last, without views. $1 center, $2 call.
select seq, at, type, body ->> 'by' as by, body -> 'what' as what, body ->> 'gate' as gate,
       body -> 'call' -> 'decision' ->> 'kind' as decision_kind,
       body -> 'call' -> 'recommendation' ->> 'revision' as revision
from event where call_id = $2 and center_id = $1 order by seq
