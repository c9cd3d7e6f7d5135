/** The reasons and routes a person may choose, with their words; the first six have the keys 1 to 6. */
import { m } from "../paraglide/messages.js";
import { say } from "./plain";

export interface Choice {
  readonly code: string;
  readonly name: () => string;
}

export const OVERRIDE_REASONS: readonly Choice[] = [
  { code: "closer_unit", name: m.override_closer_unit },
  { code: "officer_safety", name: m.override_officer_safety },
  { code: "clinician_knows_person", name: m.override_clinician_knows_person },
  { code: "unit_unavailable", name: m.override_unit_unavailable },
  { code: "supervisor_order", name: m.override_supervisor_order },
  { code: "other", name: m.choice_other },
];
// The codes in capitals are read by the planner: this caller, or this team, is not asked again.
export const DECLINE_REASONS: readonly Choice[] = [
  { code: "not_behavioral", name: m.decline_not_behavioral },
  { code: "TEAM_REJECTED", name: m.decline_team_rejected },
  { code: "CALLER_REFUSED", name: m.decline_caller_refused },
  { code: "already_handled", name: m.decline_already_handled },
  { code: "supervisor_order", name: m.override_supervisor_order },
  { code: "other", name: m.choice_other },
];
export const DECLINE_ROUTES: readonly Choice[] = [
  { code: "standard_patrol", name: m.route_standard_patrol },
  { code: "lifeline_988", name: m.route_988 },
  { code: "ems", name: m.route_ems },
  { code: "advise_only", name: m.route_advise_only },
];
export const SET_ASIDE_REASONS: readonly Choice[] = [
  { code: "no_behavioral_need", name: m.aside_no_need },
  { code: "crime_only", name: m.aside_crime_only },
  { code: "medical_only", name: m.aside_medical_only },
  { code: "already_connected", name: m.aside_already_connected },
  { code: "duplicate", name: m.aside_duplicate },
  { code: "other", name: m.choice_other },
];
export const TAKE_BACK_REASONS: readonly Choice[] = [
  { code: "scene_changed", name: m.back_scene_changed },
  { code: "unit_needed_elsewhere", name: m.back_needed_elsewhere },
  { code: "sent_in_error", name: m.back_error },
  { code: "caller_cancelled", name: m.back_caller_cancelled },
  { code: "supervisor_order", name: m.override_supervisor_order },
  { code: "other", name: m.choice_other },
];
export const SECURE_REASONS: readonly Choice[] = [
  { code: "said_by_radio", name: m.secure_by_radio },
  { code: "other_officers", name: m.secure_other_officers },
  { code: "other", name: m.choice_other },
];
export const RELEASE_REASONS: readonly Choice[] = [
  { code: "confirmed_absent", name: m.release_confirmed_absent },
  { code: "secured", name: m.release_secured },
  { code: "misread", name: m.release_misread },
  { code: "other_person", name: m.release_other_person },
  { code: "past", name: m.release_past },
  { code: "other", name: m.choice_other },
];

const KINDS = { accepted: m.decided_accepted, overridden: m.decided_overridden, declined: m.decided_declined };
export const decisionName = (kind: string): string => say(KINDS, kind);

const ALL = new Map(
  [OVERRIDE_REASONS, DECLINE_REASONS, DECLINE_ROUTES, SET_ASIDE_REASONS, TAKE_BACK_REASONS, RELEASE_REASONS]
    .flat()
    .map(({ code, name }) => [code, name]),
);
/** Words for a chosen code; "other: free words" is shown as it was written. */
export const choiceName = (code: string): string => ALL.get(code)?.() ?? (code.includes(" ") ? code : say({}, code));
