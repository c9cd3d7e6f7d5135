-- How many versions of its policy each center has that ever had one of its own.
select center_id, max(version) as version from center_policy group by center_id
