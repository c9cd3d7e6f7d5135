-- A right password forgets the wrong ones. $1 account.
update account set failures = 0, failing_since = null where id = $1
