-- Sessions that have ended by themselves. $1 before.
with gone as (delete from session where expires_at < $1 returning 1) select count(*) from gone
