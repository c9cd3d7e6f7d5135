-- Answers of a call, oldest first. $1 call.
select question, answer, by, at from answer where call_id = $1 order by at, id
