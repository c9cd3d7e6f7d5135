-- Gate releases of a call, oldest first. $1 call.
select gate, mentions, role, reason, by, at from gate_release where call_id = $1 order by at, id
