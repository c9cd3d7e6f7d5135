-- Newest revision of a call's recommendations. $1 call.
select coalesce(max(revision), 0) from recommendation where call_id = $1
