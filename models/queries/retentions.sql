-- How long each center keeps the words of its calls, and how many are due: null days = for good. $1 now.
select r.center_id, r.days,
       case when r.days is not null then (
           select count(*) from call c
           where c.center_id = r.center_id and c.redacted_at is null
             and c.closed_at < $1::timestamptz - make_interval(days => r.days)) else 0 end as due
from retention r order by r.center_id
