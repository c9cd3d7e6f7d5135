/** Which alert a person has to see first. */
import type { AlertView } from "../wire";

/** Unacknowledged first, then the lower tier, then the older one. */
export function byUrgency(a: AlertView, b: AlertView): number {
  const seen = Number(a.acknowledged_at !== null) - Number(b.acknowledged_at !== null);
  if (seen !== 0) return seen;
  if (a.tier !== b.tier) return a.tier - b.tier;
  return a.raised_at < b.raised_at ? -1 : 1;
}

/** Alerts for the ribbon: nobody has acknowledged them, and they are more than a counter. */
export const unseen = (alerts: Iterable<AlertView>): AlertView[] =>
  [...alerts].filter((alert) => alert.acknowledged_at === null && alert.tier <= 2).sort(byUrgency);

/** The alert that marks a call's row, if any. */
export function alertOf(alerts: Iterable<AlertView>, callId: string): AlertView | null {
  return [...alerts].filter((alert) => alert.call_id === callId && alert.tier <= 2).sort(byUrgency)[0] ?? null;
}
