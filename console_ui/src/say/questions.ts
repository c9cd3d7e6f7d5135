/** Questions to the caller, and the gap in what is known that each one closes. */
import { m } from "../paraglide/messages.js";
import { say } from "./plain";

const QUESTIONS = {
  ASK_WEAPON_ACCESS: m.ask_weapon_access,
  ASK_VIOLENCE_TODAY: m.ask_violence_today,
  ASK_BREATHING: m.ask_breathing,
  ASK_WHERE_WHO: m.ask_where_who,
  ASK_WILLING_TO_TALK: m.ask_willing_to_talk,
  ASK_HISTORY: m.ask_history,
  ASK_MEDS: m.ask_meds,
  ASK_LANGUAGE: m.ask_language,
};
export const questionText = (code: string): string => say(QUESTIONS, code);

const GAPS = {
  WEAPON_NOT_MENTIONED: m.gap_not_asked,
  VIOLENCE_NOT_MENTIONED: m.gap_not_asked,
  MEDICAL_NOT_MENTIONED: m.gap_not_asked,
  WEAPON_UNKNOWN: m.gap_unknown,
  VIOLENCE_UNKNOWN: m.gap_unknown,
  MEDICAL_UNKNOWN: m.gap_unknown,
  WEAPON_CONFLICT: m.gap_conflict,
};
/** Why it is asked; empty where the question says it all. */
export const gapText = (gap: string): string => (GAPS as Record<string, () => string>)[gap]?.() ?? "";
