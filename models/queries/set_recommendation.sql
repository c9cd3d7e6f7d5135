-- The recommendation that stands for a call, or none. $1 call, $2 recommendation or null, $3 decision version.
update call set recommendation_id = $2, decision_version = $3 where id = $1
