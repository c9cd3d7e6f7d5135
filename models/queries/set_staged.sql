-- Stage or bring in the units of a decision. $1 decision, $2 unit ids that wait at staging (empty: nobody).
with units as (
    update unit set staged = (id = any($2::text[])) where decision_id = $1
)
update decision_unit set staged = (unit_id = any($2::text[])) where decision_id = $1
