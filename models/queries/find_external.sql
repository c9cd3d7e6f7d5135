-- The call with the CAD's own number, locked. $1 center, $2 external id.
select id from call where center_id = $1 and external_id = $2 for no key update
