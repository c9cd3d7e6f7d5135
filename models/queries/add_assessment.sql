-- What was understood of the first $3 entries. $1 id, $2 call, $3 text version, $4 at, $5 artefact, $6 body.
insert into assessment (id, call_id, text_version, at, artefact, body) values ($1, $2, $3, $4, $5, $6::text::json)
