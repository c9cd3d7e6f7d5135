-- A clinician or quality assurance confirms. $1 outcome, $2 at, $3 by.
update diversion set status = 'confirmed', confirmed_at = $2, confirmed_by = $3
where outcome_id = $1 and status = 'provisional'
