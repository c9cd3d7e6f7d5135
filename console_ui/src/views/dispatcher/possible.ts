/** What a dispatcher may do with a call now, and the reason when it is not possible. */
import { m } from "../../paraglide/messages.js";
import { isDecided, standing } from "../../state/queue";
import { unitState } from "../../state/units";
import type { CallView, UnitView } from "../../wire";

export interface Possible {
  readonly accept: boolean;
  readonly override: boolean;
  readonly decline: boolean;
  readonly reconfirm: boolean;
  readonly secure: boolean;
  readonly takeBack: boolean;
  readonly outcome: boolean;
}

export function possible(call: CallView, units: ReadonlyMap<string, UnitView>): Possible {
  const decision = call.decision;
  const decided = isDecided(call);
  const live = decided && decision !== null && ["reserved", "sent", "received"].includes(decision.state);
  const open = !decided && call.state === "open" && standing(call) !== null;
  const arrived = (decision?.units ?? []).some(({ unit_id }) => {
    const unit = units.get(unit_id);
    return unit !== undefined && ["on_scene", "transport"].includes(unitState(unit, false));
  });
  return {
    accept: open && (standing(call)?.pairings.length ?? 0) > 0,
    override: open,
    decline: open,
    reconfirm: live && (decision?.reconfirm.length ?? 0) > 0,
    secure: live && decision?.staging === "staging",
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
