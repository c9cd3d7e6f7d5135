-- What a caller answered. $1 id, $2 call, $3 question, $4 answer, $5 by, $6 at.
insert into answer (id, call_id, question, answer, by, at) values ($1, $2, $3, $4, $5, $6)
