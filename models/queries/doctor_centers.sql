-- Each center as a doctor looks at it: its planner, the tail of its log, what waits, the CAD's clock, its people.
-- $1 first key of the planner's lock, $2 events of the tail, $3 user names of the demo, $4 how long the log is kept.
select
    c.id, c.synthetic, l.seq as head, t.events, t.first, t.last,
    not exists (select from call n where n.center_id = c.id and n.taken_at > now() - $4::interval) as quiet,
    (select p.pid from pg_locks p
     where p.locktype = 'advisory' and p.granted and p.classid::bigint = $1 and p.objsubid = 2
       and p.objid::bigint = hashtext(c.id)::bigint & 4294967295
       and p.database = (select oid from pg_database where datname = current_database())) as planner,
    (select count(*) from call w
     where w.center_id = c.id and w.assessed_version < w.text_version and (w.state = 'open' or w.assess_after is not null)
       and coalesce((select max(e.received_at) from entry e where e.call_id = w.id), w.taken_at)
           < now() - interval '1 minute') as unread,
    (select percentile_cont(0.5) within group (order by extract(epoch from n.taken_at - n.received_at)::float)
     from (select taken_at, received_at from call where center_id = c.id and source = '911'
           order by taken_at desc limit 50) n) as cad_lag,
    (select count(*) from account a where a.center_id = c.id and a.disabled_at is null) as people,
    array(select a.username from account a where a.center_id = c.id and a.disabled_at is null
          and a.username = any ($3::text[]) order by 1) as demo_names
from center c
join center_log l on l.center_id = c.id
cross join lateral (
    select count(*) as events, min(e.seq) as first, max(e.seq) as last
    from event e where e.center_id = c.id and e.seq > l.seq - $2
) t
order by c.id
