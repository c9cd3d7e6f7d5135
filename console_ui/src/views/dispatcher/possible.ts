/** What a dispatcher may do with a call now, and the reason when it is not possible. */
import { m } from "../../paraglide/messages.js";
import { isDecided, standing } from "../../state/queue";
import { unitState } from "../../state/units";
import type { CallView, PolicyView, UnitView } from "../../wire";

export interface Possible {
  readonly accept: boolean;
  readonly override: boolean;
  readonly decline: boolean;
  readonly reconfirm: boolean;
  readonly goOn: boolean; // to confirm again as it stands; the service refuses it to an unarmed team behind a gate
  readonly secure: boolean; // somebody armed is there who can have secured the scene
  readonly vouch: boolean; // a supervisor says so without an arrival, with a reason
  readonly unsecured: boolean; // somebody waits at staging and no officer has arrived
  readonly takeBack: boolean;
  readonly outcome: boolean;
}

const armed = (policy: PolicyView | undefined, kind: string): boolean => policy?.armed.some((one) => one === kind) ?? false;

/** Nobody of the decision is armed and a gate that asks for officers stands closed. */
function unarmedBehindGate(call: CallView, units: ReadonlyMap<string, UnitView>, policy: PolicyView | undefined): boolean {
  const sent = call.decision?.units ?? [];
  const gates = call.assessment?.gates ?? [];
  return (
    sent.length > 0 &&
    gates.some(({ name, released }) => !released && policy?.officer_gates.includes(name)) &&
    sent.every(({ unit_id }) => {
      const kind = units.get(unit_id)?.kind;
      return kind !== undefined && !armed(policy, kind);
    })
  );
}

export function possible(
  call: CallView,
  units: ReadonlyMap<string, UnitView>,
  policy: PolicyView | undefined,
  supervises = false,
): Possible {
  const decision = call.decision;
  const decided = isDecided(call);
  const live = decided && decision !== null && ["reserved", "sent", "received", "standing"].includes(decision.state);
  const open = !decided && call.state === "open" && standing(call) !== null;
  const waiting = live && decision?.staging === "staging";
  const officer = (decision?.units ?? []).some(({ unit_id, staged }) => {
    const unit = units.get(unit_id);
    return unit !== undefined && !staged && armed(policy, unit.kind) && unitState(unit, false) === "on_scene";
  });
  const states = (decision?.units ?? []).flatMap(({ unit_id }) => {
    const unit = units.get(unit_id);
    return unit ? [unitState(unit, false)] : [];
  });
  // a call that was answered by phone alone ends on the phone
  const arrived = states.some((state) => state === "on_scene" || state === "transport") || (states.length > 0 && states.every((state) => state === "on_phone"));
  return {
    accept: open && (standing(call)?.pairings.length ?? 0) > 0,
    override: open,
    decline: open,
    reconfirm: live && (decision?.reconfirm.length ?? 0) > 0,
    goOn: supervises || !unarmedBehindGate(call, units, policy),
    secure: waiting && officer,
    vouch: waiting && !officer && supervises,
    unsecured: waiting && !officer,
    takeBack: live,
    outcome: call.outcome === null && (call.state === "closed" || arrived),
  };
}

/** Why nothing may be decided now; null = it may. */
export function refusal(call: CallView, current: boolean, allowed: boolean, phase: string): string | null {
  if (!allowed) return m.role_may_not_decide();
  if (!current) return phase === "catching_up" ? m.wait_catching_up() : m.offline_use_radio();
  if (call.assessed_version < call.text_version) return m.wait_newer_text();
  return null;
}
