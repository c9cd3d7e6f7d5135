-- One wrong password more. $1 account, $2 failures, $3 failing since, $4 locked at or null.
update account set failures = $2, failing_since = $3, locked_at = $4 where id = $1
