-- All centers.
select id, name, timezone, synthetic, cad, silent from center order by id
