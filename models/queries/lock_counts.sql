-- Serialise counting within a center. $1 center.
select center_id from center_counts where center_id = $1 for update
