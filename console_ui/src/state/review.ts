/** The clinician's list: what to look at first, and what has been looked at. */
import type { CallView } from "../wire";
import type { CallGroup } from "./placing";

export type ReviewGroup = "unread" | "review" | "near" | "reviewed";
const GROUPS: readonly ReviewGroup[] = ["unread", "review", "near", "reviewed"];
const NEAR = 0.3; // need from which an unflagged call is worth a look

/** Which group of the review list a call is in; null = nothing in it for a clinician. */
export function reviewGroup(call: CallView): ReviewGroup | null {
  if (call.review.state !== "none") return "reviewed";
  if (call.state === "closed") return null;
  if (!call.assessment) return "unread";
  if (call.assessment.flag) return "review";
  return call.assessment.need >= NEAR ? "near" : null;
}

/** By score, then the longest wait. */
export function byNeed(a: CallView, b: CallView): number {
  const need = (b.assessment?.need ?? 0) - (a.assessment?.need ?? 0);
  if (need !== 0) return need;
  const wait = Date.parse(a.received_at) - Date.parse(b.received_at);
  return wait !== 0 ? wait : a.id < b.id ? -1 : 1;
}

/** Everything the order depends on. */
export const reviewKey = (call: CallView): string =>
  `${reviewGroup(call)} ${call.assessment?.need} ${call.received_at} ${call.review.at}`;

export function reviewGroups(calls: Iterable<CallView>): CallGroup[] {
  const groups = new Map<ReviewGroup, CallView[]>(GROUPS.map((group) => [group, []]));
  for (const call of calls) {
    const group = reviewGroup(call);
    if (group) groups.get(group)?.push(call);
  }
  return GROUPS.map((group) => ({ group, ids: (groups.get(group) ?? []).sort(byNeed).map(({ id }) => id) })).filter(
    ({ ids }) => ids.length > 0,
  );
}
