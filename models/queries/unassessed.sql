-- Calls whose text waits to be read. $1 now, $2 at most so many.
select center_id, id from call
where assessed_version < text_version and coalesce(assess_after, $1) <= $1
order by assess_after limit $2
