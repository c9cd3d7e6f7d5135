-- The assessment that stands for a call. $1 call.
select a.body::text from call c join assessment a on a.id = c.assessment_id where c.id = $1
