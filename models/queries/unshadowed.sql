-- Readings that stand and that a challenger has not judged, oldest first, with the words they are of. $1 later than this
-- id, $2 challenger, $3 center to leave out, $4 at most so many.
select a.id, a.call_id, c.center_id, c.nature, a.artefact, a.body, array(
    select jsonb_build_object('text', e.text, 'author', e.author, 'at', e.at)
    from entry e where e.call_id = a.call_id and e.ordinal < a.text_version order by e.ordinal) as entries
from assessment a join call c on c.id = a.call_id and c.assessment_id = a.id
where a.id > $1 and c.center_id <> $3 and c.redacted_at is null
  and not exists (select from shadow s where s.assessment_id = a.id and s.challenger = $2)
order by a.id limit $4
