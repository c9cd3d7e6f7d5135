-- Whether any unit was really told to go to a call, by whatever decision. $1 call, $2 kinds that do not count.
select exists (
    select 1 from decision_unit d
    join decision c on c.id = d.decision_id
    join unit u on u.center_id = c.center_id and u.id = d.unit_id
    where c.call_id = $1 and d.hold <> 'reserved' and u.kind <> all($2::text[]))
