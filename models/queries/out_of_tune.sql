-- Calls on the board that show what a silent center must not see, or hide what another wants. $1 center, $2 silent.
select id from call
where center_id = $1 and on_board and assessment_view is not null
  and ((assessment_view ->> 'flag_reason' is not distinct from 'SILENT') <> $2
       or ($2 and recommendation_id is not null and decision_id is null))
order by id
