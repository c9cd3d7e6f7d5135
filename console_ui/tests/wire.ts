/** Nouns of the wire for the tests: everything usual, and what a test changes. */
import type { CallView, Mention, Pairing, PolicyView, RecommendationView, UnitView } from "../src/wire";

export function aCall(changes: Partial<CallView> = {}): CallView {
  return {
    id: "c1",
    number: "C-1",
    source: "911",
    received_at: "2026-03-02T14:30:00Z",
    taken_at: "2026-03-02T14:30:00Z",
    nature: "WELFARE CHECK",
    priority: 2,
    beat: "3A",
    place: "1418 JUNIPER CT",
    lat: 27.0,
    lon: -90.5,
    state: "open",
    text_version: 1,
    assessed_version: 1,
    decision_version: 1,
    quality: [],
    assessment: null,
    review: { state: "none", by: null, at: null, reason: null },
    recommendation: null,
    decision: null,
    outcome: null,
    links: [],
    on_board: true,
    ...changes,
  };
}

export const anAssessment = (changes: Partial<NonNullable<CallView["assessment"]>> = {}): NonNullable<CallView["assessment"]> => ({
  need: 0.8,
  flag: true,
  flag_reason: "NEED_SCORE",
  risk: 2,
  indicators: {},
  dangers: {},
  gates: [],
  context: { caller: "second", engaged: false, place: "home", language: "en", officer_on_scene: false },
  info_gaps: [],
  questions: [],
  artefact: "a",
  ...changes,
});

export const aPairing = (changes: Partial<Pairing> = {}): Pairing => ({
  id: "p1",
  rank: 1,
  composition: "CRT+PAT",
  units: [{ unit_id: "CR-4", kind: "CRT", role: "clinician", eta_minutes: 7, staged: false }],
  alternative: true,
  together_minutes: 7,
  gap_minutes: null,
  gap_limit_minutes: null,
  staging: false,
  cost_minutes: 7,
  costs: {},
  reasons: [],
  tradeoffs: [],
  ...changes,
});

export const aRecommendation = (changes: Partial<RecommendationView> = {}): RecommendationView => ({
  id: "r1",
  revision: 1,
  at: "2026-03-02T14:31:00Z",
  decision_version: 1,
  policy: "p",
  pairings: [aPairing()],
  candidates: 3,
  unserved: null,
  holds: [],
  ...changes,
});

export const aDecision = (changes: Partial<NonNullable<CallView["decision"]>> = {}): NonNullable<CallView["decision"]> => ({
  id: "d1",
  kind: "accepted",
  state: "reserved",
  recommendation_id: "r1",
  pairing_id: "p1",
  units: [],
  reason: null,
  route: null,
  by: "dana",
  at: "2026-03-02T14:32:00Z",
  expires_at: null,
  staging: "none",
  reconfirm: [],
  ...changes,
});

export const aUnit = (changes: Partial<UnitView> = {}): UnitView => ({
  id: "CR-4",
  agency: "hospital",
  kind: "CRT",
  crew: [],
  capabilities: [],
  status: "InService",
  primary: "Available",
  status_at: "2026-03-02T14:00:00Z",
  lat: null,
  lon: null,
  position_at: null,
  shift_ends_at: null,
  call_id: null,
  hold: null,
  staged: false,
  ...changes,
});

export const aMention = (changes: Partial<Mention> = {}): Mention => ({
  id: "0:0-3:suicidal",
  entry: 0,
  start: 0,
  end: 3,
  concept: "suicidal",
  assertion: "affirmed",
  severity: 2,
  cue_start: null,
  cue_end: null,
  rule: "r",
  contribution: 1,
  access: "unknown",
  recency: "current",
  look_alike: false,
  thing: null,
  ...changes,
});

export const aPolicy = (changes: Partial<PolicyView> = {}): PolicyView => ({
  digest: "p",
  armed: ["PAT", "COR"],
  officer_gates: ["G1", "G2"],
  release: {},
  parked_statuses: ["Station"],
  position_aging_seconds: 60,
  position_unknown_seconds: 180,
  position_parked_seconds: 3600,
  ...changes,
});
