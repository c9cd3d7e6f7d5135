-- Register a unit or change its roster data. $1 center, $2 id, $3 agency, $4 kind, $5 crew, $6 capabilities, $7 shift end, $8 now.
insert into unit (center_id, id, agency, kind, crew, capabilities, shift_ends_at, status, status_at)
values ($1, $2, $3, $4, $5, $6, $7, 'InService', $8)
on conflict (center_id, id) do update
set agency = excluded.agency, kind = excluded.kind, crew = excluded.crew, capabilities = excluded.capabilities,
    shift_ends_at = excluded.shift_ends_at
