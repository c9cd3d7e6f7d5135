-- Events that were kept apart for a hold that has ended. $1 at most so many.
with gone as (
    delete from event_held where ctid = any (array(
        select ctid from event_held where call_id is null or call_id not in (select id from held_call) limit $1)) returning 1
)
select count(*) from gone
