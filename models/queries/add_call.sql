-- A new call; null when the CAD's number is already known. Arguments in the order of the columns.
insert into call (
    id, center_id, external_id, number, source, received_at, taken_at, nature, priority, beat, place, lat, lon,
    caller, attributes, quality, text_version, assessed_version, assessment_id, assessment_view, standing, assess_after)
values ($1, $2, $3, coalesce($3, 'T-' || nextval('call_number')), $4, $5, $6, $7, $8, $9, $10, $11, $12,
        $13, $14, $15, $16, $17, $18, $19, $20, $21)
on conflict (center_id, external_id) do nothing
returning id, number
