-- Claim an idempotency key inside the fact's transaction; waits for a concurrent holder. $1 center, $2 principal, $3 route, $4 key, $5 body hash.
insert into idempotency (center_id, principal, route, key, body_hash) values ($1, $2, $3, $4, $5)
on conflict do nothing
returning key
