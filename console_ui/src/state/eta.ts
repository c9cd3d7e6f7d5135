/** How far an arrival time may be trusted: no further than the position it comes from, and the planner's last look. */
import type { PolicyView, UnitView } from "../wire";
import { ETA_FRESH, freshness, type Freshness } from "./limits";
import { secondsSince } from "./time";

export interface Age {
  readonly seconds: number;
  readonly fresh: Freshness;
}

/** How old a unit's position is, by the limits of the center's policy: one that stands keeps its position. */
export function positionAge(unit: UnitView | null, policy: PolicyView | undefined, now: number): Age {
  const seconds = unit?.position_at ? secondsSince(unit.position_at, now) : 0;
  if (!unit || !policy) return { seconds, fresh: "fresh" };
  if (policy.parked_statuses.includes(unit.status)) {
    return { seconds, fresh: seconds <= policy.position_parked_seconds ? "fresh" : "unknown" };
  }
  return { seconds, fresh: freshness(seconds, policy.position_aging_seconds, policy.position_unknown_seconds) };
}

/**
 * Since when nobody has looked whether a recommendation still holds. The planner looks with every event and writes
 * only what differs, so a quiet recommendation is old and true: it ages from `alive`, when the planner was last
 * heard of (ms), not from the time it was made.
 */
export function planAge(made: string, alive: number, now: number): Age {
  const seconds = Math.max(0, Math.floor((now - Math.max(Date.parse(made), alive)) / 1000));
  return { seconds, fresh: freshness(seconds, ETA_FRESH) };
}
