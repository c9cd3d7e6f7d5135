/** The nouns of the wire as the service publishes them, and the frames that OpenAPI cannot describe. */
import type { components } from "./generated/api";

type Schemas = components["schemas"];

export type Reason = Schemas["Reason"];
export type Params = Reason["params"];
export type Danger = Schemas["DangerName"];
export type Assertion = Schemas["Assertion"];
export type AssessmentView = Schemas["AssessmentView"];
export type GateView = Schemas["GateView"];
export type PairedUnit = Schemas["PairedUnit"];
export type Pairing = Schemas["Pairing"];
export type RecommendationView = Schemas["RecommendationView"];
export type Hold = Schemas["Hold"];
export type DecisionView = Schemas["DecisionView"];
export type CallView = Schemas["CallView"];
export type UnitView = Schemas["UnitView"];
export type AlertView = Schemas["AlertView"];
export type Count = Schemas["Count"];
export type Counter = Schemas["Counter"];
export type CountsView = Schemas["CountsView"];
export type Mention = Schemas["Mention"];
export type Assessment = Schemas["Assessment"];
export type OutcomeFacts = Schemas["OutcomeFacts"];
export type Snapshot = Schemas["Snapshot"];
export type PolicyView = Schemas["PolicyView"];
export type User = Schemas["User"];
export type ReaderReport = Schemas["ReaderReport"];

interface BaseEvent {
  epoch: string;
  seq: number;
  at: string;
  by: string | null;
}
type CallEventType =
  | "call.taken.v1"
  | "call.closed.v1"
  | "call.reviewed.v1"
  | "pairing.proposed.v1"
  | "pairing.withdrawn.v1"
  | "pairing.decided.v1"
  | "decision.progressed.v1"
  | "outcome.recorded.v1";
export type ConsoleEvent =
  | (BaseEvent & { type: CallEventType; call: CallView })
  | (BaseEvent & { type: "call.changed.v1"; what: string[]; call: CallView })
  | (BaseEvent & { type: "gate.released.v1"; gate: string; call: CallView })
  | (BaseEvent & { type: "unit.changed.v1"; unit: UnitView })
  | (BaseEvent & { type: "alert.changed.v1"; alert: AlertView })
  | (BaseEvent & { type: "counts.changed.v1"; counts: CountsView });

export interface Heartbeat {
  type: "heartbeat";
  epoch: string;
  seq: number;
  at: string;
  degraded: string[];
  policy: string;
}
export interface Resync {
  type: "resync";
  epoch: string;
}
export type FrameItem = ConsoleEvent | Heartbeat | Resync;

export interface LatchedGate extends GateView {
  mentions: string[];
}
export interface EntryView {
  ordinal: number;
  text: string;
  author: string | null;
  at: string | null;
}
export interface LogLine {
  seq: number;
  at: string;
  type: string;
  by: string | null;
  what: string[] | string | null;
  gate: string | null;
  decision_kind: string | null;
  revision: string | null;
}
export interface CallDetail {
  call: CallView;
  entries: EntryView[];
  assessment: Assessment | null;
  gates: LatchedGate[];
  flags: { indicator: string; action: string; mention: string | null; reason: string | null; by: string; role: string; at: string }[];
  answers: { question: string; answer: string; by: string; at: string }[];
  releases: { gate: string; mentions: string[]; role: string; reason: string; by: string; at: string }[];
  log: LogLine[];
}
export interface UnitExclusion {
  unit_id: string;
  code: string;
  params: Params;
}

export type Role = "clinician" | "dispatcher" | "supervisor" | "manager" | "integrator" | "admin";
export interface Problem {
  title: string;
  status: number;
  detail?: string;
  code: string;
  params?: Record<string, unknown>;
}
export interface DiversionReport {
  first: string;
  last: string;
  denominators: Record<string, number>;
  statuses: Record<string, string>;
  counts: { counter: Counter; provisional: number; confirmed: number; reversed: number; definition: string; denominator: string; sql: string }[];
  unserved: { code: string; calls: number; waiting: number }[]; // ended without, and still open
  unserved_definition: string;
  waiting_definition: string;
  unserved_sql: string;
}
export interface ListedOutcome {
  id: string;
  call_id: string;
  number: string;
  nature: string;
  at: string;
  by: string;
  facts: OutcomeFacts;
  disposition: string;
  status: string;
  counters: string[];
}
