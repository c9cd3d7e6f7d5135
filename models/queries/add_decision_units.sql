-- Units of a decision. $1 decision, $2 unit ids, $3 staged per unit.
insert into decision_unit (decision_id, unit_id, staged)
select $1, w.id, w.staged from unnest($2::text[], $3::boolean[]) as w (id, staged)
