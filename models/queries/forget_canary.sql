-- Self-tests are over and leave nothing behind. $1 center, $2 closed or told before.
with old as (
    select id from call where center_id = $1 and state = 'closed' and closed_at < $2
), assessments as (
    delete from assessment using old where call_id = old.id
), events as (
    delete from event where center_id = $1 and at < $2
), tokens as (
    delete from service_token where center_id = $1 and revoked_at < $2
)
delete from call using old where call.id = old.id
