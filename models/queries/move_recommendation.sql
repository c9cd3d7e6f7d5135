-- Move a recommendation on, only if it still stands. $1 id, $2 status.
update recommendation set status = $2 where id = $1 and status = 'proposed' returning id
