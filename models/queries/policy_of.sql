-- A version of a center's policy. $1 center, $2 version; null: the one that holds at $3.
select version, digest, body, effective_from, by, reason, at from center_policy
where center_id = $1 and (version = $2 or ($2::integer is null and effective_from <= $3))
order by effective_from desc, version desc limit 1
