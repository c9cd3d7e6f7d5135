/** Names of alerts, and the one next step of each. */
import { m } from "../paraglide/messages.js";
import { say } from "./plain";

const NAMES = {
  DANGER_AFTER_ACCEPT: m.alert_danger_after_accept,
  NOT_REACHED: m.alert_not_reached,
  UNIT_LEFT: m.alert_unit_left,
};
const STEPS = {
  DANGER_AFTER_ACCEPT: m.step_danger_after_accept,
  NOT_REACHED: m.step_not_reached,
  UNIT_LEFT: m.step_unit_left,
};
const SHORT = {
  DANGER_AFTER_ACCEPT: m.short_danger_after_accept,
  NOT_REACHED: m.short_not_reached,
  UNIT_LEFT: m.short_unit_left,
};
export const alertShort = (code: string): string => say(SHORT, code);
export const alertName = (code: string): string => say(NAMES, code);
export const alertStep = (code: string): string => (STEPS as Record<string, () => string>)[code]?.() ?? "";
