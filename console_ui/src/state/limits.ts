/** Thresholds of the console; defaults until an agency says otherwise. Seconds unless named. */

export const DECIDE_SOON = 120; // a proposed pairing that nobody decided
export const UNIT_WAIT = 480; // an eligible call without a unit
export const ETA_FRESH = 30;
export const STATUS_CHECK = 1800; // a unit on scene nobody heard from
export const SHIFT_ENDS_SOON = 3600;
export const ARMED_FOR = 5;
export const UNKNOWN_AFTER = 3; // times its limit a value's age makes it unknown

export type Freshness = "fresh" | "aged" | "unknown";

/** How far a value of this age (seconds) may be trusted against its limit. */
export function freshness(age: number, limit: number, unknown = limit * UNKNOWN_AFTER): Freshness {
  if (age <= limit) return "fresh";
  return age <= unknown ? "aged" : "unknown";
}
