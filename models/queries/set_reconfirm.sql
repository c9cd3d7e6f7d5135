-- New dangers that need the dispatcher's word again (empty: none). $1 decision, $2 reasons, $3 staging.
update decision set reconfirm = $2, staging = $3 where id = $1
