/** Words for indicators, risk and unmet demand. */
import { m } from "../paraglide/messages.js";
import { isOnSite } from "../state/evidence";
import type { Mention } from "../wire";
import { accessName, dangerName } from "./safety";
import { say } from "./plain";

const INDICATORS = {
  suicidal: m.need_suicidal,
  self_harm: m.need_self_harm,
  psychosis: m.need_psychosis,
  mood_anxiety: m.need_mood_anxiety,
  medication: m.need_medication,
  erratic_behavior: m.need_erratic_behavior,
  cognitive: m.need_cognitive,
  developmental: m.need_developmental,
  substance: m.need_substance,
  overdose: m.need_overdose,
  youth_crisis: m.need_youth_crisis,
  family_conflict: m.need_family_conflict,
  domestic_violence: m.need_domestic_violence,
  bereavement: m.need_bereavement,
  homelessness: m.need_homelessness,
  basic_needs: m.need_basic_needs,
  elder_or_dependent_risk: m.need_elder_or_dependent_risk,
  child_risk: m.need_child_risk,
  welfare_concern: m.need_welfare_concern,
  exploitation: m.need_exploitation,
  repeat_contact: m.need_repeat_contact,
};
export const INDICATOR_CODES = Object.keys(INDICATORS);
export const indicatorName = (indicator: string): string => say(INDICATORS, indicator);

const DANGERS = new Set(["weapon", "violence", "medical", "hazard"]);
export const conceptName = (concept: string): string =>
  DANGERS.has(concept) ? dangerName(concept) : indicatorName(concept);

const ASSERTIONS = {
  affirmed: m.assertion_affirmed,
  negated: m.assertion_negated,
  unknown: m.assertion_unknown,
  historical: m.assertion_historical,
  hypothetical: m.assertion_hypothetical,
  other_person: m.assertion_other_person,
};
export const assertionName = (assertion: string): string => say(ASSERTIONS, assertion);

/** What was said of a mention; a weapon out of the hand is still said to be where it is. */
export const mentionText = (mention: Mention): string =>
  isOnSite(mention) ? accessName(mention.access) : assertionName(mention.assertion);

const UNSERVED = {
  NO_UNIT: m.unserved_no_unit,
  OUT_OF_HOURS: m.unserved_out_of_hours,
  OUT_OF_AREA: m.unserved_out_of_area,
  ETA_TOO_LONG: m.unserved_eta_too_long,
  GATED: m.unserved_gated,
  TEAM_REJECTED: m.unserved_team_rejected,
  CALLER_REFUSED: m.unserved_caller_refused,
  POLICY_EXCLUDED: m.unserved_policy_excluded,
  DISPATCHER_DECLINED: m.unserved_dispatcher_declined,
  SYSTEM_DOWN: m.unserved_system_down,
  INFO_MISSING: m.unserved_info_missing,
  NOT_DECIDED: m.unserved_not_decided,
};
export const unservedName = (code: string): string => say(UNSERVED, code);
