/** The marks of the safety panel: what was said of each danger, and which gates stand closed. */
import type { AssessmentView, Danger, LatchedGate } from "../wire";
import type { Evidence } from "./evidence";

export const DANGERS: readonly Danger[] = ["weapon", "violence", "medical", "hazard"];

/**
 * absent = stated absent; not_mentioned = nobody said, nobody asked; unknown = said to be unknown, a hold;
 * secured = a weapon that is there but out of reach, which is not the same as none.
 */
export type Mark = "absent" | "secured" | "not_mentioned" | "unknown" | "present" | "past" | "conditional" | "other_person";

const MARK_OF = {
  affirmed: "present",
  negated: "absent",
  unknown: "unknown",
  historical: "past",
  hypothetical: "conditional",
  other_person: "other_person",
} as const;

/** A weapon denied in the hand is still there: secured, or within reach. */
function markOf(assertion: keyof typeof MARK_OF, access: string): Mark {
  if (assertion !== "negated") return MARK_OF[assertion];
  return access === "elsewhere" ? "secured" : access === "within_reach" ? "present" : "absent";
}

export interface DangerMark {
  readonly danger: Danger;
  readonly mark: Mark;
  readonly access: string;
  readonly conflict: boolean;
  readonly lookAlike: boolean;
  readonly quotes: readonly Evidence[];
}

/** One mark a danger, in a fixed order, with the words that carry it. */
export function dangerMarks(assessment: AssessmentView, evidence: readonly Evidence[]): DangerMark[] {
  return DANGERS.map((danger) => {
    const view = assessment.dangers[danger];
    const said = evidence.filter(({ mention }) => mention.concept === danger);
    if (!view) return { danger, mark: "not_mentioned", access: "unknown", conflict: false, lookAlike: false, quotes: [] };
    const deciding = said.filter(({ mention }) => mention.assertion === view.assertion);
    return {
      danger,
      mark: markOf(view.assertion, view.access),
      access: view.access,
      conflict: view.conflict,
      lookAlike: view.look_alike,
      quotes: view.conflict ? said : deciding,
    };
  });
}

export interface GateMark {
  readonly gate: LatchedGate;
  readonly quotes: readonly Evidence[];
}

/** Gates with their quoted words; closed ones first. */
export function gateMarks(gates: readonly LatchedGate[], evidence: readonly Evidence[]): GateMark[] {
  const marks = gates.map((gate) => ({
    gate,
    quotes: evidence.filter(({ mention }) => gate.mentions.includes(mention.id)),
  }));
  return marks.sort((a, b) => Number(a.gate.released) - Number(b.gate.released));
}
