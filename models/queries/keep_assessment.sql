-- What was understood of the first $3 remarks, and that it stands. $1 call, $2 id, $3 text version, $4 at, $5 artefact,
-- $6 body, $7 view, $8 standing, $9 decision version.
with understood as (
    insert into assessment (id, call_id, text_version, at, artefact, body) values ($2, $1, $3, $4, $5, $6::text::json)
)
update call
set assessed_version = $3, assessment_id = $2, assessment_view = $7, standing = $8, decision_version = $9,
    assess_attempts = 0, assess_after = null
where id = $1
