-- Who has seen an alert, and when. $1 center, $2 alert, $3 by, $4 at.
update alert set acknowledged_by = $3, acknowledged_at = $4
where id = $2 and (center_id = $1) is true and acknowledged_at is null and resolved_at is null
returning id
