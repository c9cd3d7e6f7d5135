-- One whole assessment. $1 id.
select body::text from assessment where id = $1
