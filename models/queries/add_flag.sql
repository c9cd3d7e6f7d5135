-- A clinician's word on one indicator, or on one mention of it. $1 id, $2 call, $3 indicator, $4 action, $5 reason, $6 by,
-- $7 role, $8 at, $9 artefact, $10 mention.
insert into indicator_flag (id, call_id, indicator, action, reason, by, role, at, artefact, mention)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
