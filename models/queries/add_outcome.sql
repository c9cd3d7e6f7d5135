-- How a call ended. $1 id, $2 center, $3 call, $4 at, $5 by, $6 role, $7 facts, $8 disposition.
insert into outcome (id, center_id, call_id, at, by, role, facts, disposition) values ($1, $2, $3, $4, $5, $6, $7, $8)
