-- Lock an account where there were too many wrong passwords from everywhere.
-- $1 account, $2 when the window begins, $3 how many are too many, $4 now.
update account set locked_at = $4
where id = $1 and locked_at is null
  and (select sum(failures) from sign_in_place where account_id = $1 and failing_since > $2) >= $3
