-- A classifier comes into service. $1 at, $2 digest before, $3 digest after, $4 by, $5 reason.
insert into promotion (at, before, after, by, reason) values ($1, $2, $3, $4, $5)
