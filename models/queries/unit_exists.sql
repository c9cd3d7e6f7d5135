-- Whether a center has a unit. $1 center, $2 unit.
select 1 from unit where center_id = $1 and id = $2
