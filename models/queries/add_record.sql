-- The append-only record of a decision with what was on the screen. Arguments in the order of the columns.
insert into decision_record (
    center_id, call_id, decision_id, at, by, role, action, reason, text_version, assessment_id, artefact, policy, decision_version, shown)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
