/** Which group of the dispatcher's queue a call is in, and in what order. */
import type { CallView, RecommendationView } from "../wire";
import type { CallGroup } from "./placing";

export type Group = "decide" | "waiting" | "active" | "other";
export const GROUPS: readonly Group[] = ["decide", "waiting", "active", "other"];

/** Somebody or something stands for this call: sent, or sent and finished without an outcome. */
export function isDecided(call: CallView): boolean {
  const state = call.decision?.state;
  return state !== undefined && state !== "expired" && state !== "released";
}

/** The recommendation that waits for a decision; one that was decided on no longer stands. */
export function standing(call: CallView): RecommendationView | null {
  const { decision, recommendation } = call;
  if (recommendation === null || decision === null) return recommendation;
  return isDecided(call) || decision.recommendation_id === recommendation.id ? null : recommendation;
}

/** Eligible: the text or a clinician says a behavioral-health responder should look. */
export function isFlagged(call: CallView): boolean {
  if (call.review.state !== "none") return call.review.state === "flagged";
  return call.assessment?.flag ?? false;
}

export function groupOf(call: CallView): Group {
  if (call.decision && call.decision.reconfirm.length > 0) return "decide";
  if (isDecided(call)) return call.decision?.kind === "declined" ? "other" : "active";
  if (call.state === "closed") return "other";
  const recommendation = standing(call);
  if (recommendation) return recommendation.pairings.length > 0 ? "decide" : "waiting";
  return isFlagged(call) ? "waiting" : "other";
}

/** Everything the order depends on; equal keys mean the row need not move. */
export function orderKey(call: CallView): string {
  const priority = call.priority ?? 9;
  return `${GROUPS.indexOf(groupOf(call))}${priority}${call.received_at}${call.id}`;
}

/** Priority, then longest wait; the id makes ties stable. */
export function inOrder(a: CallView, b: CallView): number {
  const priority = (a.priority ?? 9) - (b.priority ?? 9);
  if (priority !== 0) return priority;
  const wait = Date.parse(a.received_at) - Date.parse(b.received_at);
  return wait !== 0 ? wait : a.id < b.id ? -1 : 1;
}

/** All calls, grouped and sorted; empty groups are left out. */
export function grouped(calls: Iterable<CallView>): CallGroup[] {
  const groups = new Map<Group, CallView[]>(GROUPS.map((group) => [group, []]));
  for (const call of calls) groups.get(groupOf(call))?.push(call);
  return GROUPS.map((group) => ({ group, ids: (groups.get(group) ?? []).sort(inOrder).map((call) => call.id) })).filter(
    ({ ids }) => ids.length > 0,
  );
}

/** A filter of the words typed: every word has to occur in number, nature, place, beat or a unit's name. */
export function matching(text: string): (call: CallView) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return (call) => {
    const units = (isDecided(call) ? call.decision?.units : standing(call)?.pairings[0]?.units) ?? [];
    const haystack = [call.number, call.nature, call.place, call.beat, ...units.map((unit) => unit.unit_id)]
      .filter(Boolean)
      .join(" ")
      .toLowerCase();
    return words.every((word) => haystack.includes(word));
  };
}
