-- Every version of a center's own phrases, newest first, without their text. $1 center.
select version, digest, by, reason, at from center_phrases where center_id = $1 order by version desc
