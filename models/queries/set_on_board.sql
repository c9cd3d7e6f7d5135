-- Keep or drop a call from boards. $1 call, $2 on board.
update call set on_board = $2 where id = $1
