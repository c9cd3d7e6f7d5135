-- The oldest month of the log that ended before this moment goes; its name, or null where there is none. $1 moment.
select drop_log_month_v1($1)
