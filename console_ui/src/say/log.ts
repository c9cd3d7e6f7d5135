/** Lines of a call's log as sentences. */
import { m } from "../paraglide/messages.js";
import type { LogLine } from "../wire";
import { decisionName } from "./decisions";
import { plain } from "./plain";
import { gateName } from "./safety";

const PROPOSED = "pairing.proposed.v1";
const TEXTS: Record<string, (line: LogLine) => string> = {
  "call.taken.v1": () => m.log_taken(),
  "call.changed.v1": ({ what }) => m.log_changed({ what: changed(what) }),
  "call.closed.v1": () => m.log_closed(),
  "call.reviewed.v1": () => m.log_reviewed(),
  "gate.released.v1": ({ gate }) => m.log_gate_released({ gate: gateName(gate ?? "") }),
  [PROPOSED]: ({ revision }) => m.log_proposed({ revision: revision ?? "" }),
  "pairing.withdrawn.v1": () => m.log_withdrawn(),
  "pairing.decided.v1": ({ decision_kind }) => (decision_kind ? decisionName(decision_kind) : m.log_decided()),
  "decision.progressed.v1": ({ what }) => progressed(String(what ?? "")),
  "outcome.recorded.v1": () => m.log_outcome(),
};

const CHANGES: Record<string, () => string> = {
  entry: m.what_entry,
  nature: m.what_nature,
  location: m.what_location,
  priority: m.what_priority,
  link: m.what_link,
  assessment: m.what_assessment,
  answer: m.what_answer,
  flag: m.what_flag,
};

function changed(what: LogLine["what"]): string {
  const names = Array.isArray(what) ? what : (what ?? "").split(/[,\s]+/).filter(Boolean);
  return names.map((one) => CHANGES[one]?.() ?? plain(one).toLowerCase()).join(", ");
}

/** What came of a decision; the names are those of the event. */
const STEPS: Record<string, () => string> = {
  sent: m.log_sent,
  received: m.log_received,
  reconfirm: m.log_reconfirm,
  reconfirmed: m.log_reconfirmed,
  secured: m.secured,
  released: m.log_released,
  finished: m.log_finished,
  expired: m.log_expired,
};
const progressed = (what: string): string => STEPS[what]?.() ?? plain(what);

/** A line of the log with who caused it; that something must be confirmed again was caused by nobody's order. */
export function logText(line: LogLine): string {
  const what = TEXTS[line.type]?.(line) ?? plain(line.type.replace(/\.v\d+$/, ""));
  return line.by && line.what !== "reconfirm" ? m.log_by({ what, name: line.by }) : what;
}

/** The lines newest first, with the proposals that followed one another as one: the newest, and how many. */
export function newestFirst(lines: readonly LogLine[]): { line: LogLine; times: number }[] {
  const told: { line: LogLine; times: number }[] = [];
  for (const line of [...lines].sort((a, b) => b.seq - a.seq)) {
    const last = told.at(-1);
    if (last && line.type === PROPOSED && last.line.type === PROPOSED) last.times++;
    else told.push({ line, times: 1 });
  }
  return told;
}
