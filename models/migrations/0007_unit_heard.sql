-- Until a CAD has said a unit's status, the one it was registered with is only a start: any report is newer.
alter table unit add column status_heard boolean not null default false;
