/** Words for units: their state, their kind, the roles of a crew. */
import { m } from "../paraglide/messages.js";
import type { UnitState } from "../state/units";
import { say } from "./plain";

const STATES: Record<UnitState, () => string> = {
  free: m.unit_free,
  proposed: m.unit_proposed,
  reserved: m.unit_reserved,
  sent: m.unit_sent,
  en_route: m.unit_en_route,
  on_scene: m.unit_on_scene,
  on_phone: m.unit_on_phone,
  transport: m.unit_transport,
  staging: m.unit_staging,
  conditional: m.unit_conditional,
  busy: m.unit_busy,
  off: m.unit_off,
};
export const unitStateName = (state: UnitState): string => STATES[state]();

const KINDS = {
  TEL: m.kind_tel,
  "988": m.kind_988,
  CRT: m.kind_crt,
  TRI: m.kind_tri,
  COR: m.kind_cor,
  CIT: m.kind_cit,
  PAT: m.kind_pat,
  SGT: m.kind_sgt,
  EMS: m.kind_ems,
  CHP: m.kind_chp,
  PEER: m.kind_peer,
  OUT: m.kind_out,
  HOT: m.kind_hot,
  PSW: m.kind_psw,
  VIC: m.kind_vic,
  APS: m.kind_aps,
  CPS: m.kind_cps,
  YTH: m.kind_yth,
  VET: m.kind_vet,
  HNT: m.kind_hnt,
  DTX: m.kind_dtx,
};
export const kindName = (kind: string): string => say(KINDS, kind);
