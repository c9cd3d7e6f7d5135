-- Answers that nobody will ask for again. $1 before, $2 at most so many.
with gone as (
    delete from idempotency where ctid = any (array(select ctid from idempotency where at < $1 order by at limit $2)) returning 1
)
select count(*) from gone
