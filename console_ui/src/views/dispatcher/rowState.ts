/** What the pairing column of the queue says of a call. */
import { m } from "../../paraglide/messages.js";
import { choiceName } from "../../say/decisions";
import { unservedName } from "../../say/needs";
import { gateName } from "../../say/safety";
import { unitStateName } from "../../say/units";
import { isDecided, isFlagged, standing } from "../../state/queue";
import { wholeMinutes } from "../../state/time";
import { unitState, type UnitState } from "../../state/units";
import type { CallView, UnitView } from "../../wire";

export interface RowState {
  readonly text: string;
  readonly hold: boolean;
}

/** The units that were sent or are proposed, in one line. */
export function rowUnits(call: CallView): string {
  const units = isDecided(call) ? call.decision?.units : standing(call)?.pairings[0]?.units;
  return (units ?? []).map((unit) => unit.unit_id).join(" + ");
}

const FURTHEST: readonly UnitState[] = ["transport", "on_scene", "staging", "en_route", "on_phone", "sent", "reserved"];

function progress(call: CallView, units: ReadonlyMap<string, UnitView>): string {
  const decision = call.decision;
  if (call.state === "closed") return m.row_outcome_due();
  if (decision?.state === "reserved") return m.progress_reserved();
  const states = (decision?.units ?? []).flatMap(({ unit_id }) => {
    const unit = units.get(unit_id);
    return unit ? [unitState(unit, false)] : [];
  });
  const furthest = FURTHEST.find((state) => states.includes(state));
  if (furthest && furthest !== "sent" && furthest !== "reserved") return unitStateName(furthest);
  return decision?.state === "received" ? m.progress_received() : m.progress_sent();
}

const NEVER_WAITS = 4; // risk from which no call waits for a clinician

/** Who has a flagged call that nothing is proposed for yet: a clinician on shift first, then the planner. */
export function planning(call: CallView, units: ReadonlyMap<string, UnitView>): string {
  const waits = call.review.state === "none" && (call.assessment?.risk ?? NEVER_WAITS) < NEVER_WAITS;
  const clinician = [...units.values()].some((unit) => unit.kind === "TEL" && unitState(unit, false) !== "off");
  return waits && clinician ? m.row_with_clinician() : m.row_being_planned();
}

export function rowState(call: CallView, units: ReadonlyMap<string, UnitView>): RowState {
  const plain = (text: string): RowState => ({ text, hold: false });
  const decision = call.decision;
  if (decision && decision.reconfirm.length > 0) return { text: m.row_decide_again(), hold: true };
  if (isDecided(call)) return plain(decision?.kind === "declined" ? choiceName(decision.route ?? "standard_patrol") : progress(call, units));
  const gate = call.assessment?.gates.find(({ released }) => !released);
  const best = standing(call)?.pairings[0];
  if (best) {
    if (gate) return { text: gateName(gate.name), hold: true };
    return plain(best.together_minutes === null ? m.row_proposed() : m.row_proposed_in({ minutes: wholeMinutes(best.together_minutes) }));
  }
  const unserved = standing(call)?.unserved;
  if (unserved) return plain(unservedName(unserved));
  if (call.assessed_version < call.text_version) return plain(m.row_not_assessed());
  if (call.review.state === "set_aside") return plain(m.row_set_aside());
  if (call.outcome) return plain(m.row_closed());
  return plain(isFlagged(call) ? planning(call, units) : m.row_not_flagged());
}
