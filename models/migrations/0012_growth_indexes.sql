-- What was found by walking over all calls has its index, and vacuum keeps up where a fifth of a table is a million rows.
create index call_open on call (center_id, taken_at desc) where state = 'open';
create index decision_recommendation on decision (recommendation_id) where recommendation_id is not null;
create index outcome_listed on outcome (center_id, status, at desc);
drop index outcome_provisional;

-- The report counts a span of calls: from the index alone, since each row lies on a page of its own between other centers'.
alter table call add column flag boolean generated always as ((assessment_view ->> 'flag')::boolean) stored;
drop index call_listed;
create index call_listed on call (center_id, taken_at desc) include (flag, review_state, decision_id, outcome_id);

alter table call set (
    autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.005,
    autovacuum_analyze_scale_factor = 0.01);
alter table entry set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table assessment set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table recommendation set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table outcome set (autovacuum_analyze_scale_factor = 0.02);
alter table idempotency set (autovacuum_vacuum_scale_factor = 0.05);
