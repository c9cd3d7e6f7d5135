-- One wrong password more; old ones of passers-by are forgotten.
-- $1 account, $2 address, $3 failures, $4 failing since, $5 locked at or null, $6 when the window begins.
with forgotten as (
    delete from sign_in_place
    where account_id = $1 and address <> $2 and locked_at is null and worked_at is null and failing_since <= $6
)
insert into sign_in_place (account_id, address, failures, failing_since, locked_at) values ($1, $2, $3, $4, $5)
on conflict (account_id, address) do update set failures = $3, failing_since = $4, locked_at = $5
