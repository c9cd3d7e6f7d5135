-- What every call writes is made lighter: rows that are updated in place, and no lock on the center with every event.
drop index call_unassessed;
create index call_unassessed on call (assess_after) where assess_after is not null;
alter table call set (fillfactor = 70);
alter table center_log set (fillfactor = 10);
alter table unit set (fillfactor = 50);

-- An event is numbered from its center's counter row and a key belongs to a signed-in principal: both centers exist.
alter table event drop constraint event_center_id_fkey;
alter table idempotency drop constraint idempotency_center_id_fkey;
