-- Gates and risk after a person's release. $1 call, $2 view, $3 standing, $4 decision version.
update call set assessment_view = $2, standing = $3, decision_version = $4 where id = $1
