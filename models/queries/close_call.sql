-- The CAD closed the call. $1 call, $2 at, $3 still on the board (an outcome is owed).
update call set state = 'closed', closed_at = $2, on_board = $3 where id = $1
