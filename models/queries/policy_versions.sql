-- Every version of a center's policy, newest first, without its text. $1 center.
select version, digest, effective_from, by, reason, at from center_policy where center_id = $1 order by version desc
