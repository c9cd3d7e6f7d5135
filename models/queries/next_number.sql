-- A number for a call whose CAD gave none.
select 'T-' || nextval('call_number')
