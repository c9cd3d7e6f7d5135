-- An outcome provisionally counts. $1 outcome, $2 counter, $3 center, $4 call, $5 local day, $6 at.
insert into diversion (outcome_id, counter, center_id, call_id, day, status, provisional_at)
values ($1, $2, $3, $4, $5, 'provisional', $6)
