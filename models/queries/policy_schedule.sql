-- The policy that holds and those that are to come, in the order in which they do. $1 center, $2 now.
with holding as (
    select version from center_policy where center_id = $1 and effective_from <= $2
    order by effective_from desc, version desc limit 1
)
select version, body, effective_from from center_policy
where center_id = $1 and (effective_from > $2 or version in (select version from holding))
order by effective_from, version
