-- The challenger that last judged a call of a center. $1 center.
select challenger from shadow where center_id = $1 order by at desc limit 1
