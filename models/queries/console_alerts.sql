-- What a console sees of alerts: the unresolved ones (no $2), or these. $1 center, $2 alert ids or null.
select id::text, code, tier, call_id::text, reasons, count, raised_at, acknowledged_by, acknowledged_at, resolved_at
from alert
where center_id = $1
  and case when $2::uuid[] is null then resolved_at is null else id = any($2::uuid[]) end
order by id
