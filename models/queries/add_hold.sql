-- Nothing of this call, or of one linked to it, may be taken away. $1 center, $2 call, $3 reason, $4 by, $5 at.
insert into legal_hold (center_id, call_id, reason, by, at) values ($1, $2, $3, $4, $5) returning id
