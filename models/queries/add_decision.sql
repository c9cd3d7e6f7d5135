-- What a dispatcher decided. Arguments in the order of the columns.
insert into decision (id, center_id, call_id, recommendation_id, pairing_id, kind, state, reason, route, staging, by, role, at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
