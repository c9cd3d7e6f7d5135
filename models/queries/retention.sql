-- How many days a center keeps words. $1 center.
select days from retention where center_id = $1
