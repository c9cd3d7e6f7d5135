-- One remark more of a locked call, and all it now has, oldest first.
-- $1 call, $2 ordinal, $3 text, $4 author, $5 at, $6 source_seq, $7 received_at, $8 quality.
with said as (
    insert into entry (call_id, ordinal, text, author, at, source_seq, received_at, quality)
    values ($1, $2::integer, $3, $4, $5, $6, $7, $8)
    returning ordinal, text, author, at
), told as (
    update call set text_version = $2::integer + 1, redacted_at = null where id = $1
)
select ordinal, text, author, at from entry where call_id = $1
union all select ordinal, text, author, at from said
order by ordinal
