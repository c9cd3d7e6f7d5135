-- All centers.
select id, name, timezone, synthetic, cad, policy from center order by id
