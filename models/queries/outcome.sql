-- One outcome; lock its call first. $1 center, $2 outcome.
select id, call_id, at, by, facts, disposition, status from outcome where id = $2 and (center_id = $1) is true
