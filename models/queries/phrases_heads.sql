-- Which version of its own phrases stands in each center that ever wrote any.
select center_id, max(version) as version from center_phrases group by center_id
