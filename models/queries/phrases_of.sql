-- A version of a center's own phrases. $1 center, $2 version; null: the one that stands.
select version, digest, body, by, reason, at from center_phrases
where center_id = $1 and ($2::integer is null or version = $2)
order by version desc limit 1
