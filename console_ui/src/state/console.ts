/** What the console knows, and how one event changes it; no I/O, no clock. */
import type { AlertView, CallView, ConsoleEvent, CountsView, Snapshot, UnitView } from "../wire";

export interface ConsoleState {
  readonly epoch: string;
  readonly seq: number;
  readonly calls: ReadonlyMap<string, CallView>;
  readonly units: ReadonlyMap<string, UnitView>;
  readonly alerts: ReadonlyMap<string, AlertView>; // unresolved ones
  readonly counts: CountsView | null;
}

export const EMPTY: ConsoleState = {
  epoch: "",
  seq: 0,
  calls: new Map(),
  units: new Map(),
  alerts: new Map(),
  counts: null,
};

interface Draft {
  epoch: string;
  seq: number;
  calls: Map<string, CallView>;
  units: Map<string, UnitView>;
  alerts: Map<string, AlertView>;
  counts: CountsView | null;
}

const byId = <T extends { id: string }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));

/** The state a snapshot stands for. */
export function fromSnapshot(snapshot: Snapshot): ConsoleState {
  return {
    epoch: snapshot.epoch,
    seq: snapshot.seq,
    calls: byId(snapshot.calls.filter((call) => call.on_board)),
    units: byId(snapshot.units),
    alerts: byId(snapshot.alerts.filter((alert) => alert.resolved_at === null)),
    counts: snapshot.counts,
  };
}

/** The state after `event`; the same event twice is the same as once. */
export function apply(state: ConsoleState, event: ConsoleEvent): ConsoleState {
  return applyAll(state, [event]);
}

/** The state after `events` in order; the maps are copied once for the whole batch. */
export function applyAll(state: ConsoleState, events: readonly ConsoleEvent[]): ConsoleState {
  if (events.length === 0) return state;
  const draft: Draft = {
    ...state,
    calls: new Map(state.calls),
    units: new Map(state.units),
    alerts: new Map(state.alerts),
  };
  for (const event of events) {
    write(draft, event);
    draft.seq = Math.max(draft.seq, event.seq);
    draft.epoch = event.epoch || draft.epoch;
  }
  return draft;
}

function write(draft: Draft, event: ConsoleEvent): void {
  switch (event.type) {
    case "call.taken.v1":
    case "call.changed.v1":
    case "call.closed.v1":
    case "call.reviewed.v1":
    case "gate.released.v1":
    case "pairing.proposed.v1":
    case "pairing.withdrawn.v1":
    case "pairing.decided.v1":
    case "decision.progressed.v1":
    case "outcome.recorded.v1":
      if (event.call.on_board) draft.calls.set(event.call.id, event.call);
      else draft.calls.delete(event.call.id);
      return;
    case "unit.changed.v1":
      draft.units.set(event.unit.id, event.unit);
      return;
    case "alert.changed.v1":
      if (event.alert.resolved_at === null) draft.alerts.set(event.alert.id, event.alert);
      else draft.alerts.delete(event.alert.id);
      return;
    case "counts.changed.v1":
      draft.counts = event.counts;
      return;
    default:
      unknownEvent(event);
  }
}

// A type error here means models/events.py grew and this switch did not.
// At run time it is an older tab meeting a newer server: the state is kept, the sequence moves on.
function unknownEvent(_event: never): void {}
