-- Why a decision was taken back; a team's or a caller's refusal changes the next plan. $1 decision, $2 reason.
update decision set reason = $2 where id = $1
