/** Lines of a call's log as sentences. */
import { m } from "../paraglide/messages.js";
import type { LogLine } from "../wire";
import { decisionName } from "./decisions";
import { plain } from "./plain";
import { gateName } from "./safety";

const TEXTS: Record<string, (line: LogLine) => string> = {
  "call.taken.v1": () => m.log_taken(),
  "call.changed.v1": ({ what }) => m.log_changed({ what: changed(what) }),
  "call.closed.v1": () => m.log_closed(),
  "call.reviewed.v1": () => m.log_reviewed(),
  "gate.released.v1": ({ gate }) => m.log_gate_released({ gate: gateName(gate ?? "") }),
  "pairing.proposed.v1": ({ revision }) => m.log_proposed({ revision: revision ?? "" }),
  "pairing.withdrawn.v1": () => m.log_withdrawn(),
  "pairing.decided.v1": ({ decision_kind }) => (decision_kind ? decisionName(decision_kind) : m.log_decided()),
  "decision.progressed.v1": ({ decision_state }) => m.log_progressed({ state: progressed(decision_state ?? "") }),
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

const STATES: Record<string, () => string> = {
  reserved: m.progress_reserved,
  sent: m.progress_sent,
  received: m.progress_received,
  expired: m.progress_expired,
  released: m.progress_released,
  finished: m.progress_finished,
};
const progressed = (state: string): string => STATES[state]?.() ?? plain(state);

/** A line of the log with who caused it. */
export function logText(line: LogLine): string {
  const what = TEXTS[line.type]?.(line) ?? plain(line.type.replace(/\.v\d+$/, ""));
  return line.by ? m.log_by({ what, name: line.by }) : what;
}
