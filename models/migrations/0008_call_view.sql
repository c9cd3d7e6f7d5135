-- What consoles see of a call, told once: by view, so that the board and a single call each use the index that fits.
create view console_call_v1 as
select
    c.center_id, c.id as call_id, c.on_board as shown,
    c.id::text as id, c.number, c.source, c.received_at, c.taken_at, c.nature, c.priority, c.beat, c.place, c.lat, c.lon,
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
        select l.other_id::text from call_link l where l.call_id = c.id
        union all select l.call_id::text from call_link l where l.other_id = c.id
        order by 1) as links
from call c
left join recommendation r on r.id = c.recommendation_id
left join decision d on d.id = c.decision_id
left join outcome o on o.id = c.outcome_id;

create index call_link_other on call_link (other_id);
