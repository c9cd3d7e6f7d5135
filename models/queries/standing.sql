-- Gates and risk that stand for a call. $1 call.
select standing from call where id = $1
