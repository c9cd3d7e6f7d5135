-- One center. $1 center.
select id, name, timezone, synthetic, cad, silent from center where id = $1
