-- Whether a center runs silently. $1 center, $2 silent.
update center set silent = $2 where id = $1
