-- Lock one call for this transaction, with what decisions need of it. $1 center, $2 call.
select id, center_id, external_id, number, source, received_at, taken_at, nature, priority, beat, place, lat, lon, quality,
       state, text_version, assessed_version, assess_attempts, assessment_id, assessment_view, standing,
       decision_version, review_state, recommendation_id, decision_id, outcome_id, on_board
from call where id = $2 and (center_id = $1) is true
for no key update
