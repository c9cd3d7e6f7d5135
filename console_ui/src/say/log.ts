/** Lines of a call's log as sentences. */
import { m } from "../paraglide/messages.js";
import type { CallDetail, Params } from "../wire";
import { choiceName } from "./decisions";
import { plain } from "./plain";
import { gateName } from "./safety";

type Line = CallDetail["log"][number];

const text = (value: Params[string] | undefined): string => (value === null || value === undefined ? "" : String(value));

const TEXTS: Record<string, (params: Params) => string> = {
  "call.taken.v1": () => m.log_taken(),
  "call.changed.v1": (params) => m.log_changed({ what: changed(text(params["what"])) }),
  "call.closed.v1": () => m.log_closed(),
  "call.reviewed.v1": (params) => (params["state"] === "set_aside" ? m.log_set_aside() : m.log_flagged()),
  "gate.released.v1": (params) => m.log_gate_released({ gate: gateName(text(params["gate"])) }),
  "pairing.proposed.v1": (params) => m.log_proposed({ revision: text(params["revision"]) }),
  "pairing.withdrawn.v1": () => m.log_withdrawn(),
  "pairing.decided.v1": (params) => decided(text(params["kind"])),
  "decision.progressed.v1": (params) => m.log_progressed({ state: progressed(text(params["state"])) }),
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

const changed = (what: string): string =>
  what
    .split(/[,\s]+/)
    .filter(Boolean)
    .map((one) => CHANGES[one]?.() ?? plain(one).toLowerCase())
    .join(", ");

const DECIDED: Record<string, () => string> = {
  accepted: m.decided_accepted,
  overridden: m.decided_overridden,
  declined: m.decided_declined,
};
const decided = (kind: string): string => DECIDED[kind]?.() ?? m.log_decided();

const STATES: Record<string, () => string> = {
  reserved: m.progress_reserved,
  sent: m.progress_sent,
  received: m.progress_received,
  expired: m.progress_expired,
  released: m.progress_released,
  finished: m.progress_finished,
};
const progressed = (state: string): string => STATES[state]?.() ?? plain(state);

/** A line with who caused it and why, where the log says so. */
export function logText(line: Line): string {
  const what = TEXTS[line.type]?.(line.params) ?? plain(line.type.replace(/\.v\d+$/, ""));
  const reason = text(line.params["reason"]);
  const why = reason ? `${what}: ${choiceName(reason)}` : what;
  return line.by ? m.log_by({ what: why, name: line.by }) : why;
}
