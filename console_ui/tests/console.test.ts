/** The reducer: applying is replacing, and twice is once. */
import { expect, test } from "vitest";
import { apply, applyAll, EMPTY, fromSnapshot } from "../src/state/console";
import type { AlertView, ConsoleEvent, Snapshot } from "../src/wire";
import { aCall, aUnit } from "./wire";

const base = { epoch: "e", at: "2026-03-02T14:30:00Z", by: null };
const taken = (seq: number, call = aCall()): ConsoleEvent => ({ ...base, seq, type: "call.taken.v1", call });
const anAlert = (resolved_at: string | null): AlertView => ({
  id: "a1",
  code: "NOT_REACHED",
  tier: 1,
  call_id: "c1",
  reasons: [],
  count: 1,
  raised_at: base.at,
  acknowledged_by: null,
  acknowledged_at: null,
  resolved_at,
});

test("a call that is taken is on the board", () => {
  expect(apply(EMPTY, taken(1)).calls.get("c1")?.number).toBe("C-1");
});

test("the same event applied twice is applied once", () => {
  const once = apply(EMPTY, taken(1));
  expect(apply(once, taken(1))).toEqual(once);
});

test("a call that is no longer on the board is removed", () => {
  const state = applyAll(EMPTY, [taken(1), { ...base, seq: 2, type: "call.closed.v1", call: aCall({ on_board: false }) }]);
  expect(state.calls.size).toBe(0);
});

test("a unit's event replaces the unit", () => {
  const state = apply(EMPTY, { ...base, seq: 1, type: "unit.changed.v1", unit: aUnit({ status: "OnScene" }) });
  expect(state.units.get("CR-4")?.status).toBe("OnScene");
});

test("a resolved alert is no longer kept", () => {
  const raised = apply(EMPTY, { ...base, seq: 1, type: "alert.changed.v1", alert: anAlert(null) });
  expect(raised.alerts.size).toBe(1);
  expect(apply(raised, { ...base, seq: 2, type: "alert.changed.v1", alert: anAlert(base.at) }).alerts.size).toBe(0);
});

test("an unknown type keeps the state and moves the sequence on", () => {
  const state = apply(EMPTY, taken(1));
  const next = apply(state, { ...base, seq: 2, type: "weather.changed.v9" } as unknown as ConsoleEvent);
  expect(next.calls).toEqual(state.calls);
  expect(next.seq).toBe(2);
});

test("a batch leaves the state before it untouched", () => {
  const before = apply(EMPTY, taken(1));
  applyAll(before, [taken(2, aCall({ id: "c2" }))]);
  expect([...before.calls.keys()]).toEqual(["c1"]);
});

test("events after a snapshot equal a later snapshot", () => {
  const snapshot = { epoch: "e", seq: 1, calls: [aCall()], units: [], alerts: [], counts: null } as unknown as Snapshot;
  const later = { ...snapshot, seq: 2, calls: [aCall(), aCall({ id: "c2" })] } as Snapshot;
  expect(apply(fromSnapshot(snapshot), taken(2, aCall({ id: "c2" })))).toEqual(fromSnapshot(later));
});
