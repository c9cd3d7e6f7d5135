-- A remark was appended. $1 call, $2 text version.
update call set text_version = $2 where id = $1
