-- What an operator wants to know of the database: centers, open calls that wait to be read, its size.
select
    (select count(*) from center) as centers,
    (select count(*) from call where assessed_version < text_version and state = 'open') as unassessed,
    pg_database_size(current_database()) as bytes
