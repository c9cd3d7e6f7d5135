-- One cause on one call is one alert with a counter; a recurrence needs a new acknowledgement. $1 id, $2 center, $3 call, $4 code, $5 tier, $6 reasons, $7 at.
insert into alert (id, center_id, call_id, code, tier, reasons, raised_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (call_id, code) where resolved_at is null do update
set count = alert.count + 1, reasons = alert.reasons || excluded.reasons, raised_at = excluded.raised_at,
    acknowledged_by = null, acknowledged_at = null
returning id
