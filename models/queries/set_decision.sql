-- The decision that stands for a call. $1 call, $2 decision, $3 decision version.
update call set decision_id = $2, decision_version = $3 where id = $1
