/** Words for how a call ended and what it counts as. */
import { m } from "../paraglide/messages.js";
import { say } from "./plain";

const RESOLUTIONS = {
  phone_resolved: m.res_phone_resolved,
  on_scene_resolved: m.res_on_scene_resolved,
  evaluated_no_transport: m.res_evaluated_no_transport,
  treated_released: m.res_treated_released,
  crisis_center: m.res_crisis_center,
  sobering_center: m.res_sobering_center,
  shelter: m.res_shelter,
  urgent_behavioral_health: m.res_urgent_behavioral_health,
  referred: m.res_referred,
  ed_voluntary: m.res_ed_voluntary,
  emergency_detention: m.res_emergency_detention,
  arrest: m.res_arrest,
  citation: m.res_citation,
  refused: m.res_refused,
  gone_on_arrival: m.res_gone_on_arrival,
  cancelled: m.res_cancelled,
  duplicate: m.res_duplicate,
  no_report: m.res_no_report,
};
export const RESOLUTION_CODES = Object.keys(RESOLUTIONS);
export const resolutionName = (code: string): string => say(RESOLUTIONS, code);

const COUNTERS = {
  er_diversion: m.counter_er,
  jail_diversion: m.counter_jail,
  police_dispatch_avoided: m.counter_police,
};
export const counterName = (counter: string): string => say(COUNTERS, counter);

const STATUSES = { provisional: m.status_provisional, confirmed: m.status_confirmed, reversed: m.status_reversed };
export const statusName = (status: string): string => say(STATUSES, status);

const DENOMINATORS = {
  calls: m.den_calls,
  eligible: m.den_eligible,
  decided: m.den_decided,
  with_outcome: m.den_with_outcome,
};
export const denominatorName = (name: string): string => say(DENOMINATORS, name);
