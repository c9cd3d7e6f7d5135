-- Reading failed, of new text or of old text under a new nature: the call is not assessed; try again. $1 call, $2 when.
update call
set assess_attempts = assess_attempts + 1, assess_after = $2, assessed_version = least(assessed_version, text_version - 1)
where id = $1
