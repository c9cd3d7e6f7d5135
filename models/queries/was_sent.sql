-- Whether any unit of a decision was really told to go. $1 decision.
select exists (select 1 from decision_unit where decision_id = $1 and hold <> 'reserved')
