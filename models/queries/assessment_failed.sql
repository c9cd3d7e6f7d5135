-- Reading the text failed: try again later. $1 call, $2 when.
update call set assess_attempts = assess_attempts + 1, assess_after = $2 where id = $1
