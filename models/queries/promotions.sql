-- Promotions, newest first. $1 at most so many.
select at, before, after, by, reason from promotion order by id desc limit $1
