-- What could not be parsed at all, for people to see. $1 id, $2 center, $3 principal, $4 route, $5 reason, $6 body.
insert into quarantine (id, center_id, principal, route, reason, body) values ($1, $2, $3, $4, $5, $6)
