-- A person's word that mentions no longer close a gate. $1 id, $2 call, $3 gate, $4 mentions, $5 role, $6 reason, $7 by, $8 at.
insert into gate_release (id, call_id, gate, mentions, role, reason, by, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
