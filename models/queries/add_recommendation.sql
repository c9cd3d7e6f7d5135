-- A new immutable revision. $1 id, $2 center, $3 call, $4 revision, $5 at, $6 decision version, $7 policy, $8 view, $9 exclusions.
insert into recommendation (id, center_id, call_id, revision, at, decision_version, policy, status, view, exclusions)
values ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8, $9)
