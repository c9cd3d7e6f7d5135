-- What a console sees of calls: the board (no $2), or these calls wherever they are. $1 center, $2 call ids or null.
select
    c.id::text, c.number, c.source, c.received_at, c.taken_at, c.nature, c.priority, c.beat, c.place, c.lat, c.lon,
    c.state, c.text_version, c.assessed_version, c.decision_version, c.quality, c.on_board,
    c.assessment_view as assessment,
    json_build_object('state', c.review_state, 'by', c.review_by, 'at', c.review_at, 'reason', c.review_reason) as review,
    r.view as recommendation,
    case when d.id is not null then json_build_object(
        'id', d.id, 'kind', d.kind, 'state', d.state, 'recommendation_id', d.recommendation_id,
        'pairing_id', d.pairing_id, 'reason', d.reason, 'route', d.route, 'by', d.by, 'at', d.at,
        'expires_at', d.expires_at, 'staging', d.staging, 'reconfirm', d.reconfirm,
        'units', coalesce((
            select json_agg(json_build_object('unit_id', u.unit_id, 'staged', u.staged, 'hold', u.hold) order by u.unit_id)
            from decision_unit u where u.decision_id = d.id), '[]'::json)) end as decision,
    case when o.id is not null then json_build_object(
        'id', o.id, 'resolution', o.facts ->> 'resolution', 'disposition', o.disposition, 'status', o.status,
        'counters', coalesce((
            select json_agg(v.counter order by v.counter) from diversion v where v.outcome_id = o.id), '[]'::json)) end as outcome,
    array(
        select case when l.call_id = c.id then l.other_id else l.call_id end::text
        from call_link l where c.id in (l.call_id, l.other_id) order by 1) as links
from call c
left join recommendation r on r.id = c.recommendation_id
left join decision d on d.id = c.decision_id
left join outcome o on o.id = c.outcome_id
where c.center_id = $1
  and case when $2::uuid[] is null then c.on_board else c.id = any($2::uuid[]) end
order by c.id
