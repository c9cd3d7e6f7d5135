-- Indicator flags of a call, oldest first. $1 call.
select indicator, action, mention, reason, by, role, at from indicator_flag where call_id = $1 order by at, id
