-- A right password forgets the wrong ones from the same address. $1 account, $2 address, $3 now.
insert into sign_in_place (account_id, address, worked_at) values ($1, $2, $3)
on conflict (account_id, address) do update set failures = 0, failing_since = null, worked_at = $3
