-- The local day as the center last counted it, where a call has no alternative. $1 call, $2 center.
select (view ->> 'day')::date from center_counts
where center_id = $2 and exists (select from unmet where call_id = $1 and served_at is null)
