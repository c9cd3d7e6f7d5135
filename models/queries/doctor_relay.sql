-- The session that carries the log to Redis. $1 key of its lock.
select pid from pg_locks
where locktype = 'advisory' and granted and classid = 0 and objid::bigint = $1 and objsubid = 1
  and database = (select oid from pg_database where datname = current_database())
