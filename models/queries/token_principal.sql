-- Who holds a service token. $1 token hash.
select center_id, name, name as display_name, role from service_token where token_hash = $1 and revoked_at is null
