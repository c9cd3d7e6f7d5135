-- Take the words from these calls in the one way there is; those that were taken, and whether a board shows them. $1 calls, $2 days.
select call_id, on_board from redact_calls_v1($1, $2)
