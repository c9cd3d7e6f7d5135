/** What a unit's EIDO status means on the board: one of a few shapes. */
import type { CallView, UnitView } from "../wire";
import { standing } from "./queue";

export type UnitState =
  | "free"
  | "proposed"
  | "reserved"
  | "sent"
  | "en_route"
  | "on_scene"
  | "on_phone" // at work on a line: nobody is anywhere
  | "transport"
  | "staging"
  | "conditional"
  | "busy"
  | "off";

const STATES: Record<string, UnitState> = {
  EnRoute: "en_route",
  Departed: "en_route",
  AcknowledgedTransmission: "sent",
  Dispatched: "sent",
  Assigned: "sent",
  Staging: "staging",
  Arrived: "on_scene",
  OnScene: "on_scene",
  PatientContact: "on_scene",
  Transporting: "transport",
  Hospital: "transport",
  OffDuty: "off",
  OutofService: "off",
  Unmanned: "off",
};

const ABROAD: ReadonlySet<UnitState> = new Set(["en_route", "staging", "on_scene", "transport"]);

/** The state of `unit`; `proposed` says it stands in a pairing that nobody decided yet. */
export function unitState(unit: UnitView, proposed: boolean): UnitState {
  const known = STATES[unit.status];
  if (known) return ABROAD.has(known) && unitClass(unit.kind) === "phone" ? "on_phone" : known;
  if (unit.hold === "reserved") return "reserved";
  if (unit.hold !== null) return "sent";
  if (unit.primary === "Available") return proposed ? "proposed" : "free";
  return unit.primary === "ConditionallyAvailable" ? (proposed ? "proposed" : "conditional") : "busy";
}

/** Units of the first pairing of `call`, while nobody has decided it. */
export function proposedUnits(call: CallView | null): ReadonlySet<string> {
  return new Set(call && standing(call)?.pairings[0]?.units.map((unit) => unit.unit_id));
}

const CLINICAL = new Set(["TEL", "988", "CRT", "PSW", "YTH", "CHP", "COR", "TRI"]);
const POLICE = new Set(["CIT", "PAT", "SGT", "HNT"]);

export type UnitClass = "clinician" | "police" | "ems" | "phone" | "other";

/** Which family of responder a kind belongs to, for its icon and its line on the map. */
export function unitClass(kind: string): UnitClass {
  if (kind === "TEL" || kind === "988") return "phone";
  if (POLICE.has(kind)) return "police";
  if (CLINICAL.has(kind)) return "clinician";
  return kind === "EMS" ? "ems" : "other";
}

const ORDER: readonly UnitState[] = [
  "proposed",
  "staging",
  "reserved",
  "sent",
  "en_route",
  "on_scene",
  "on_phone",
  "transport",
  "free",
  "conditional",
  "busy",
  "off",
];

/** Proposed first, then those at work, then free ones; names break ties. */
export function byState(a: [UnitView, UnitState], b: [UnitView, UnitState]): number {
  const state = ORDER.indexOf(a[1]) - ORDER.indexOf(b[1]);
  return state !== 0 ? state : a[0].id.localeCompare(b[0].id, "en", { numeric: true });
}
