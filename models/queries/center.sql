-- One center. $1 center.
select id, name, timezone, synthetic, cad, policy from center where id = $1
