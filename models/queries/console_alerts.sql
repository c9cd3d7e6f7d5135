-- What a console sees of alerts: the unresolved ones (no $2), or these. $1 center, $2 alert ids or null.
select id::text, code, tier, call_id::text, reasons, count, raised_at, acknowledged_by, acknowledged_at, resolved_at
from alert
where center_id = $1
  and (($2::uuid[] is null and resolved_at is null) or id = any($2::uuid[]))
order by id
