-- The next version of a center's policy: its number and from when on. $1 center, $2 digest, $3 TOML text, $4 from; null: now, $5 by, $6 reason.
insert into center_policy (center_id, version, digest, body, effective_from, by, reason)
select $1, coalesce(max(version), 0) + 1, $2, $3, coalesce($4, clock_timestamp()), $5, $6
from center_policy where center_id = $1
returning version, effective_from
