-- One remark. $1 call, $2 ordinal, $3 text, $4 author, $5 at, $6 source_seq, $7 received_at, $8 quality.
insert into entry (call_id, ordinal, text, author, at, source_seq, received_at, quality)
values ($1, $2, $3, $4, $5, $6, $7, $8)
