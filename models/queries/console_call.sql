-- What a console sees of these calls, wherever they are. $1 center, $2 call ids.
select * from console_call_v1 where center_id = $1 and call_id = any($2::uuid[]) order by call_id
