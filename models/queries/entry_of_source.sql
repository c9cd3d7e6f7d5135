-- Text known under a sender's number. $1 call, $2 source_seq.
select text from entry where call_id = $1 and source_seq = $2
