-- A call that a remark may change by what it says alone: nobody was sent, nobody set it aside, no gate stands. With its
-- words, and a version that names the row as it was read. $1 center, $2 call.
select v.*, c.xmin::text as version, c.standing, array(
    select jsonb_build_object('text', e.text, 'author', e.author, 'at', e.at)
    from entry e where e.call_id = c.id order by e.ordinal) as entries
from console_call_v1 v join call c on c.id = v.call_id
where c.id = $2 and v.call_id = $2 and (v.center_id = $1) is true and c.decision_id is null and c.outcome_id is null
  and c.review_state <> 'set_aside' and jsonb_array_length(c.standing -> 'gates') = 0
