-- What champion and challenger made of one reading; whoever wrote it first. Arguments in the order of the columns.
insert into shadow (
    assessment_id, challenger, call_id, center_id, at, champion, need, flag, indicators,
    challenger_need, challenger_flag, challenger_indicators)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict do nothing
