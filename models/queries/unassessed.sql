-- Calls whose text waits to be read: they were given a time for it with the text. $1 now, $2 at most so many.
select center_id, id from call where assess_after <= $1 order by assess_after limit $2
