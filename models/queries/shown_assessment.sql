-- The assessment that stands for a call, where its center may see it. $1 call.
select a.body::text from call c join assessment a on a.id = c.assessment_id join center on center.id = c.center_id
where c.id = $1 and not center.silent
