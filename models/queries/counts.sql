-- The counts as last told. $1 center.
select view from center_counts where center_id = $1
