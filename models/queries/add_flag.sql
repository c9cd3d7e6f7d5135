-- A clinician's word on one indicator. $1 id, $2 call, $3 indicator, $4 action, $5 reason, $6 by, $7 role, $8 at, $9 artefact.
insert into indicator_flag (id, call_id, indicator, action, reason, by, role, at, artefact)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
