-- All centers.
select id, name, timezone, synthetic, cad, policy, silent from center order by id
