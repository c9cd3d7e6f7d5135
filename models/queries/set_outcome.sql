-- The outcome that stands for a call. $1 call, $2 outcome.
update call set outcome_id = $2 where id = $1
