-- What could not be parsed and was dealt with, as old as the center keeps words. $1 now.
-- It belongs to no call, so a hold on any call of the center keeps all of it.
with gone as (
    delete from quarantine q using retention r
    where r.center_id = q.center_id and q.resolved_at < $1::timestamptz - make_interval(days => r.days)
      and not exists (select from legal_hold h where h.center_id = q.center_id and h.released_at is null)
    returning 1
)
select count(*) from gone
