-- The newest reading that a challenger judged. $1 challenger.
select assessment_id from shadow where challenger = $1 order by assessment_id desc limit 1
