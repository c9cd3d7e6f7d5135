-- The assessment that stands for a call. $1 call, $2 text version, $3 assessment, $4 view, $5 standing, $6 decision version.
update call
set assessed_version = $2, assessment_id = $3, assessment_view = $4, standing = $5, decision_version = $6,
    assess_attempts = 0, assess_after = null
where id = $1
