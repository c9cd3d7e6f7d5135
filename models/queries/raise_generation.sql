-- Every log begins anew: consoles that saw events which a restore took away start again from a snapshot.
update center_log set generation = generation + 1
