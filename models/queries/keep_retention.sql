-- Every center has its row of what is kept how long.
insert into retention (center_id) select id from center on conflict do nothing
