-- All remarks of a call, oldest first. $1 call.
select ordinal, text, author, at, source_seq, received_at, quality from entry where call_id = $1 order by ordinal
