-- The next version of a center's own phrases; its number. $1 center, $2 digest, $3 TOML text, $4 by, $5 reason.
insert into center_phrases (center_id, version, digest, body, by, reason)
select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 from center_phrases where center_id = $1
returning version
