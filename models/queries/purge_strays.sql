-- Events that never had a month, of a clock gone astray; those of held calls are kept apart. $1 before, $2 at most so many.
with gone as (
    delete from event_default where ctid = any (array(select ctid from event_default where at < $1 limit $2)) returning *
), kept as (
    insert into event_held select * from gone where call_id in (select id from held_call) on conflict do nothing
)
select count(*) from gone
