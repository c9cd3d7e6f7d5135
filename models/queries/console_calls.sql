-- What a console sees of the calls on the board. $1 center.
select * from console_call_v1 where center_id = $1 and shown order by call_id
