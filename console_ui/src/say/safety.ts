/** Words of the safety panel: dangers, their marks, gates and why they closed. */
import { m } from "../paraglide/messages.js";
import type { DangerMark } from "../state/marks";
import { say } from "./plain";

const DANGERS = {
  weapon: m.danger_weapon,
  violence: m.danger_violence,
  medical: m.danger_medical,
  hazard: m.danger_hazard,
};
export const dangerName = (danger: string): string => say(DANGERS, danger);

const MARKS = {
  absent: m.mark_absent,
  secured: m.access_elsewhere,
  not_mentioned: m.mark_not_mentioned,
  unknown: m.mark_unknown,
  present: m.mark_present,
  past: m.mark_past,
  conditional: m.mark_conditional,
  other_person: m.mark_other_person,
};
const ACCESS: Record<string, () => string> = {
  in_hand: m.access_in_hand,
  within_reach: m.access_within_reach,
  elsewhere: m.access_elsewhere,
};

/** Where a weapon is; empty when that is not known. */
export const accessName = (access: string): string => ACCESS[access]?.() ?? "";

export function markText(mark: DangerMark): string {
  const access = mark.danger === "weapon" && mark.mark === "present" ? accessName(mark.access) : "";
  const words = [access || MARKS[mark.mark]()];
  if (mark.lookAlike) words.push(m.mark_look_alike());
  if (mark.conflict) words.push(m.mark_conflict());
  return words.join(", ");
}

const GATES = {
  G1: m.gate_g1,
  G2: m.gate_g2,
  G3: m.gate_g3,
  G4: m.gate_g4,
  G5: m.gate_g5,
  G6: m.gate_g6,
  G7: m.gate_g7,
  G8: m.gate_g8,
  G9: m.gate_g9,
  G10: m.gate_g10,
  G11: m.gate_g11,
  G12: m.gate_g12,
};
export const gateName = (gate: string): string => say(GATES, gate);

const EFFECTS = {
  G1: m.effect_g1,
  G2: m.effect_g2,
  G3: m.effect_g3,
  G4: m.effect_g4,
  G5: m.effect_g5,
  G6: m.effect_g6,
  G7: m.effect_g7,
  G8: m.effect_g8,
  G9: m.effect_g9,
  G10: m.effect_g10,
  G11: m.effect_g11,
  G12: m.effect_g12,
};
/** What a closed gate asks for. */
export const gateEffect = (gate: string): string => (EFFECTS as Record<string, () => string>)[gate]?.() ?? "";
