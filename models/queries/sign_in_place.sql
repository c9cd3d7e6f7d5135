-- What came of the attempts to sign in from an address. $1 account, $2 address.
select failures, failing_since, locked_at, worked_at from sign_in_place where account_id = $1 and address = $2
