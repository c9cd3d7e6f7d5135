-- The CAD closed the call and its alerts end. $1 call, $2 at, $3 still on the board (an outcome is owed).
with closed as (
    update call set state = 'closed', closed_at = $2, on_board = $3 where id = $1
)
update alert set resolved_at = $2 where call_id = $1 and resolved_at is null returning id
