-- What clinicians say comes back to the classifier: a dismissal names the words that do not say what was read in them.
alter table indicator_flag add column mention text;  -- id of the mention; null = the indicator as a whole
update indicator_flag set mention = split_part(reason, ' ', 2) where reason like 'wrong\_evidence %' and action = 'dismiss';
