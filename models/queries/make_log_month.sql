-- The log has a part for the month of this moment; its name if it was made now. $1 moment.
select make_log_month_v1($1)
