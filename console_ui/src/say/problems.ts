/** Refusals of the service as sentences: what happened, and what to do now. */
import { m } from "../paraglide/messages.js";
import type { DecisionView, Problem, Reason } from "../wire";
import { decisionName } from "./decisions";
import { reasonText } from "./reasons";

const TEXTS: Record<string, () => string> = {
  unreachable: m.problem_unreachable,
  internal: m.problem_internal,
  not_found: m.problem_not_found,
  not_allowed: m.problem_not_allowed,
  not_signed_in: m.problem_not_signed_in,
  sign_in_refused: m.problem_sign_in_refused,
  account_locked: m.problem_account_locked,
  too_many_requests: m.problem_too_many_requests,
  invalid_request: m.problem_invalid_request,
  decision_stale: m.problem_decision_stale,
  unassessed_text: m.problem_unassessed_text,
  already_decided: m.problem_already_decided,
  unit_unavailable: m.problem_unit_unavailable,
  gate_closed: m.problem_gate_closed,
  move_not_allowed: m.problem_move_not_allowed,
  reason_required: m.problem_reason_required,
  not_ready: m.problem_not_ready,
  disk_full: m.problem_disk_full,
};

const NEXT: Record<string, () => string> = {
  decision_stale: m.next_decision_stale,
  unassessed_text: m.next_unassessed_text,
  already_decided: m.next_already_decided,
  unit_unavailable: m.next_unit_unavailable,
  gate_closed: m.next_gate_closed,
  unreachable: m.next_unreachable,
  internal: m.next_unreachable,
};

/** A decision as a refusal tells it: its units by name only. */
type Decided = Pick<DecisionView, "kind" | "state" | "by" | "at"> & { units: string[] };

type Facts = {
  decision?: Decided | null;
  taken?: Record<string, string>; // unit: the call that has it
  away?: Record<string, string>; // unit: its status
  reasons?: Reason[];
};
const factsOf = (problem: Problem): Facts => problem.params ?? {};

/** A call that changed because somebody decided it needs no second decision. */
function codeOf(problem: Problem): string {
  const state = factsOf(problem).decision?.state ?? "expired";
  return problem.code === "decision_stale" && state !== "expired" && state !== "released" ? "already_decided" : problem.code;
}

export const problemText = (problem: Problem): string =>
  TEXTS[codeOf(problem)]?.() ?? problem.detail ?? (problem.title || m.problem_internal());

export const problemNext = (problem: Problem): string => NEXT[codeOf(problem)]?.() ?? "";

/** Who did what and when, or which unit is gone: the facts a refusal carries. */
export function problemFacts(problem: Problem, time: (at: string) => string): string {
  const { decision, taken, away, reasons } = factsOf(problem);
  const facts: string[] = [];
  if (decision) {
    const { kind, by, at, units } = decision;
    facts.push([decisionName(kind), units.join(" + "), by, time(at)].filter(Boolean).join(", "));
  }
  const gone = Object.keys({ ...taken, ...away });
  if (gone.length > 0) facts.push(gone.join(", "));
  if (reasons) facts.push(reasons.map(reasonText).join(", "));
  return facts.join("; ");
}
