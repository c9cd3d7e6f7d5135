/** The nouns and events of the wire, as models/*.py publishes them. */

export type Params = Record<string, string | number | boolean | null>;
export interface Reason {
  code: string;
  params: Params;
  weight: number;
}

export type Danger = "weapon" | "violence" | "medical" | "hazard";
export type Assertion = "affirmed" | "negated" | "unknown" | "historical" | "hypothetical" | "other_person";
export type Access = "in_hand" | "within_reach" | "elsewhere" | "unknown";
export interface DangerView {
  assertion: Assertion;
  access: Access;
  conflict: boolean;
  look_alike: boolean;
}
export interface GateView {
  name: string;
  reason: string;
  released: boolean;
}
export interface LatchedGate extends GateView {
  mentions: string[];
}
export interface Question {
  code: string;
  gap: string;
}
export interface Context {
  caller: "first" | "second" | "third" | "unknown";
  engaged: boolean;
  place: "home" | "public" | "facility" | "unknown";
  language: string;
  officer_on_scene: boolean;
}
export interface AssessmentView {
  need: number;
  flag: boolean;
  flag_reason: string | null;
  risk: number;
  indicators: Record<string, number>;
  dangers: Partial<Record<Danger, DangerView>>;
  gates: GateView[];
  context: Context;
  info_gaps: string[];
  questions: Question[];
  artefact: string;
}

export interface PairedUnit {
  unit_id: string;
  kind: string;
  role: "primary" | "clinician" | "support" | "remote";
  eta_minutes: number | null;
  staged: boolean;
}
export interface Pairing {
  id: string;
  rank: number;
  composition: string;
  units: PairedUnit[];
  alternative: boolean;
  together_minutes: number | null;
  gap_minutes: number | null;
  gap_limit_minutes: number | null;
  staging: boolean;
  cost_minutes: number;
  reasons: Reason[];
  tradeoffs: Reason[];
}
export interface RecommendationView {
  id: string;
  revision: number;
  at: string;
  decision_version: number;
  policy: string;
  pairings: Pairing[];
  candidates: number;
  unserved: string | null;
  holds: Reason[];
}
export interface UnitExclusion {
  unit_id: string;
  code: string;
  params: Params;
}
export type Hold = "reserved" | "sent" | "received";
export interface DecisionView {
  id: string;
  kind: "accepted" | "overridden" | "declined";
  state: "reserved" | "sent" | "received" | "expired" | "released" | "finished" | "standing";
  recommendation_id: string | null;
  pairing_id: string | null;
  units: { unit_id: string; staged: boolean; hold: Hold }[];
  reason: string | null;
  route: string | null;
  by: string;
  at: string;
  expires_at: string | null;
  staging: "none" | "staging" | "secured";
  reconfirm: Reason[];
}
export interface OutcomeView {
  id: string;
  resolution: string;
  disposition: string;
  status: "provisional" | "confirmed" | "reversed";
  counters: string[];
}
export interface CallView {
  id: string;
  number: string;
  source: "911" | "officer" | "988" | "other";
  received_at: string;
  taken_at: string;
  nature: string;
  priority: number | null;
  beat: string | null;
  place: string | null;
  lat: number | null;
  lon: number | null;
  state: "open" | "closed";
  text_version: number;
  assessed_version: number;
  decision_version: number;
  quality: string[];
  assessment: AssessmentView | null;
  review: { state: "none" | "flagged" | "set_aside"; by: string | null; at: string | null; reason: string | null };
  recommendation: RecommendationView | null;
  decision: DecisionView | null;
  outcome: OutcomeView | null;
  links: string[];
  on_board: boolean;
}

export interface UnitView {
  id: string;
  agency: string;
  kind: string;
  crew: { role: string; name: string | null }[];
  capabilities: string[];
  status: string;
  primary: "Available" | "ConditionallyAvailable" | "NotAvailable";
  status_at: string;
  lat: number | null;
  lon: number | null;
  position_at: string | null;
  shift_ends_at: string | null;
  call_id: string | null;
  hold: Hold | null;
  staged: boolean;
}
export interface AlertView {
  id: string;
  code: string;
  tier: number;
  call_id: string;
  reasons: Reason[];
  count: number;
  raised_at: string;
  acknowledged_by: string | null;
  acknowledged_at: string | null;
  resolved_at: string | null;
}
export type Counter = "er_diversion" | "jail_diversion" | "police_dispatch_avoided";
export interface Count {
  provisional: number;
  confirmed: number;
  reversed: number;
}
export interface CountsView {
  day: string;
  diversions: Partial<Record<Counter, Count>>;
  unserved: Record<string, number>;
}

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
}
export interface Resync {
  type: "resync";
  epoch: string;
}
export type FrameItem = ConsoleEvent | Heartbeat | Resync;

export interface Snapshot {
  epoch: string;
  seq: number;
  server_time: string;
  server_version: string;
  synthetic: boolean;
  center: string;
  center_name: string;
  timezone: string;
  calls: CallView[];
  units: UnitView[];
  alerts: AlertView[];
  counts: CountsView;
  degraded: string[];
}

export interface Mention {
  id: string;
  entry: number;
  start: number;
  end: number;
  concept: string;
  assertion: Assertion;
  severity: number;
  cue_start: number | null;
  cue_end: number | null;
  rule: string;
  contribution: number;
  access: Access;
  recency: "current" | "recent" | "past" | "unknown";
  look_alike: boolean;
}
export interface Assessment {
  need: number;
  flag: boolean;
  flag_reason: string | null;
  indicators: Record<string, { probability: number; severity: number; assertion: Assertion }>;
  dangers: Partial<Record<Danger, DangerView & { mentions: string[]; severity: number }>>;
  mentions: Mention[];
  entries: number;
  truncated: boolean;
  artefact: string;
}
export interface EntryView {
  ordinal: number;
  text: string;
  author: string | null;
  at: string | null;
}
export interface CallDetail {
  call: CallView;
  entries: EntryView[];
  assessment: Assessment | null;
  gates: LatchedGate[];
  flags: { indicator: string; action: string; by?: string; at?: string; reason?: string | null }[];
  answers: { question: string; answer: string; by?: string; at?: string }[];
  releases: { gate: string; mentions: string[]; role: string; reason: string; by: string; at: string }[];
  log: { at: string; by: string | null; type: string; params: Params }[];
}

export type Role = "clinician" | "dispatcher" | "supervisor" | "manager" | "integrator" | "admin";
export interface User {
  username: string;
  display_name: string;
  role: Role;
  center: string;
}
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  params?: Record<string, unknown>;
}
export interface DiversionReport {
  day: string;
  definitions: { counter: string; definition: string; sql_name: string; denominator: string }[];
  counts: { counter: string; provisional: number; confirmed: number; reversed: number }[];
  unserved: { code: string; calls: number }[];
  denominators: Record<string, number>;
}
export interface ProvisionalOutcome {
  id: string;
  call_id: string;
  number?: string;
  resolution: string;
  disposition?: string;
  status: string;
  counters: string[];
  by?: string | null;
  at?: string | null;
}
