/** Reason codes of pairings, holds, trade-offs, refusals and alerts as sentences. */
import { m } from "../paraglide/messages.js";
import type { Params } from "../wire";
import { assertionName } from "./needs";
import { plain } from "./plain";
import { accessName, dangerName, gateName } from "./safety";
import { kindName } from "./units";

type Sentence = (params: Params) => string;

const CODE = /^[A-Z]{5,}$|^[A-Za-z0-9]+(_[A-Za-z0-9]+)+$/;

/** A param as it stands in a sentence: a rounded number, a name as it is, a code in words. */
function text(value: Params[string] | undefined): string {
  if (typeof value === "number") return String(Math.round(value * 10) / 10);
  const words = String(value ?? "");
  return CODE.test(words) ? plain(words).toLowerCase() : words;
}
const hours = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(Math.round(minutes % 60)).padStart(2, "0")}`;
const gate = (params: Params): string => gateName(text(params["gate"]));
/** A unit is called what its agency calls it, underscores and all. */
const unit = (value: Params[string] | undefined): string => String(value ?? "");
/** A part of a composition: who is asked for, then what they must be able to do. */
const part = (symbol: string): string =>
  symbol.split(":").map((one, at) => (at === 0 ? kindName(one) : plain(one).toLowerCase())).join(", ");
const language = (params: Params): string => text(params["language"]);

function found(params: Params): string {
  const assertion = String(params["assertion"] ?? "affirmed"); // as they came: `text` would make words of the codes
  return (assertion === "affirmed" && accessName(String(params["access"]))) || assertionName(assertion);
}

const FOR: Record<string, Sentence> = {
  GATE_FIT: (p) => m.r_gate_fit({ gate: gate(p) }),
  OFFICER_FIRST: () => m.r_officer_first(),
  EMS_FIRST: () => m.r_ems_first(),
  HOLD_OR_TRANSPORT: () => m.r_hold_or_transport(),
  NEED_FIT: () => m.r_need_fit(),
  CIT_CERTIFIED: () => m.r_cit_certified(),
  SPANISH_SPEAKER: () => m.r_spanish_speaker(),
  LANGUAGE_SPOKEN: (p) => m.r_language_spoken({ language: language(p) }),
  BY_PHONE_NOW: () => m.r_by_phone_now(),
  ETA_UNKNOWN: () => m.r_eta_unknown(),
  NEAREST_CLINICIAN: () => m.r_nearest_clinician(),
  ARRIVE_TOGETHER: (p) => m.r_arrive_together({ gap: text(p["gap"]) }),
  KEEPS_BEAT_COVERED: (p) => m.r_keeps_beat_covered({ free: text(p["free"]) }),
  SHIFT_LEFT: (p) => m.r_shift_left({ time: hours(Number(p["minutes"])) }),
  MISSING_PART: (p) => m.r_missing_part({ part: part(text(p["part"])) }),
  STANDS_IN: (p) => m.r_stands_in({ unit: unit(p["unit_id"]) }),
  NEXT_BEST: () => m.r_next_best(),
  GAP_OVER_LIMIT: () => m.r_gap_over_limit(),
};

const AGAINST: Record<string, Sentence> = {
  WANTED_BY_OTHER: () => m.r_wanted_by_other(),
  LATER_BY: (p) => m.r_later_by({ minutes: text(p["minutes"]) }),
  SOONER_BY: (p) => m.r_sooner_by({ minutes: text(p["minutes"]) }),
  NO_OFFICER: () => m.r_no_officer(),
  NO_CLINICIAN: () => m.r_no_clinician(),
  BY_PHONE_ONLY: () => m.r_by_phone_only(),
  ADDS_OFFICER: () => m.r_adds_officer(),
  NOT_CIT: () => m.r_not_cit(),
  NO_LANGUAGE: () => m.r_no_language(),
  USES_RESERVE: () => m.r_uses_reserve(),
  SHIFT_ENDS_SOON: () => m.r_shift_ends_soon(),
  MORE_UNITS: (p) => m.r_more_units({ n: text(p["count"]) }),
};

const HOLDS: Record<string, Sentence> = {
  NO_UNARMED_ALONE: () => m.h_no_unarmed_alone(),
  POLICE_FIRST: () => m.h_police_first(),
  ASK: () => m.h_ask(),
  NEVER_WAIT: () => m.h_never_wait(),
  TACTICAL: () => m.h_tactical(),
  POLICE_ONLY: () => m.h_police_only(),
  SCENE_UNITS: () => m.h_scene_units(),
  BACKUP: () => m.h_backup(),
  MANDATED_REPORT: () => m.h_mandated_report(),
  ACTIVE_RESCUE: () => m.h_active_rescue(),
  ACKNOWLEDGE: () => m.h_acknowledge(),
  ABSTAIN: () => m.h_abstain(),
  DANGER_UNKNOWN: (p) => m.h_danger_unknown({ danger: dangerName(text(p["danger"])) }),
  LOCATION_UNKNOWN: () => m.h_location_unknown(),
  INTERPRETER_NEEDED: (p) => m.h_interpreter_needed({ language: language(p) }),
  WAIT_FOR_TEAM: (p) => m.h_wait_for_team({ time: new Date(text(p["until"])).toLocaleTimeString() }),
};

const ADVICE: Record<string, Sentence> = {
  REFER_311_211: () => m.a_refer_311_211(),
  CALL_OUT_FIRST: () => m.a_call_out_first(),
  FORCED_ENTRY_CAPABLE: () => m.a_forced_entry(),
  SEARCH: () => m.a_search(),
  SEARCH_AND_RESCUE: () => m.a_sar(),
  SENSORY_PLAN: () => m.a_sensory_plan(),
  QUIET_RESPONSE: () => m.a_quiet_response(),
  WITH_CAREGIVER: () => m.a_with_caregiver(),
  SHARE_PLAN: () => m.a_share_plan(),
  PLAN_CARD_TEAM_FIRST: () => m.a_plan_card_first(),
  PLAN_CARD: () => m.a_plan_card(),
};

const REFUSALS: Record<string, Sentence> = {
  CAPABILITY: () => m.x_capability(),
  NOT_NEEDED: () => m.x_not_needed(),
  GATED: (p) => m.x_gated({ gate: gate(p) }),
  TEAM_REJECTED: () => m.decline_team_rejected(),
  OUT_OF_AREA: () => m.x_out_of_area(),
  OFF_SHIFT: () => m.x_off_shift(),
  STATUS: () => m.x_status(),
  STATUS_STALE: () => m.x_status_stale(),
  HELD: () => m.x_held(),
  POSITION_STALE: () => m.x_position_stale(),
  RESTING: () => m.x_resting(),
  ETA_TOO_LONG: (p) => m.x_eta_too_long({ minutes: text(p["minutes"]) }),
  SHIFT_ENDING: () => m.x_shift_ending(),
  UNIT_LEFT: (p) => m.x_unit_left({ unit: unit(p["unit"]) }),
  NOT_ASSESSED: () => m.x_not_assessed(),
};

const NEW: Record<string, Sentence> = {
  NEW_DANGER: (p) => m.n_new_danger({ danger: dangerName(text(p["danger"])), assertion: found(p) }),
  NEW_GATE: (p) => m.n_new_gate({ gate: gate(p) }),
};

const ALL: Record<string, Sentence> = { ...FOR, ...AGAINST, ...HOLDS, ...ADVICE, ...REFUSALS, ...NEW };

/** A reason in words; a code this console does not know yet is shown readably, with its params. */
export function reasonText(reason: { code: string; params: Params }): string {
  const known = ALL[reason.code];
  if (known) return known(reason.params);
  const params = Object.entries(reason.params).map(([name, value]) => (name.startsWith("unit") ? unit(value) : text(value))).filter(Boolean);
  return params.length > 0 ? m.reason_other({ what: plain(reason.code), params: params.join(", ") }) : plain(reason.code);
}

/** Reasons in words, each said once: two of one kind may read alike. */
export const reasonTexts = (reasons: readonly { code: string; params: Params }[]): string[] => [...new Set(reasons.map(reasonText))];
