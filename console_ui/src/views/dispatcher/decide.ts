/** The dispatcher's decisions as requests; every one names the version of the call that was on the screen. */
import { segment } from "../../http";
import { commands } from "../../live/commands.svelte";
import type { CallView, Pairing } from "../../wire";

const version = (call: CallView): { decision_version: number } => ({ decision_version: call.decision_version });

const ofRecommendation = (call: CallView, verb: string): string =>
  `/v1/recommendations/${segment(call.recommendation?.id ?? "")}/${verb}`;
const ofDecision = (call: CallView, verb: string): string => `/v1/decisions/${segment(call.decision?.id ?? "")}/${verb}`;

export const accept = (call: CallView, pairing: Pairing): Promise<boolean> =>
  commands.send(call.id, "accept", ofRecommendation(call, "accept"), { pairing_id: pairing.id, ...version(call) });

export const override = (call: CallView, unit_ids: readonly string[], reason: string): Promise<boolean> =>
  commands.send(call.id, "override", ofRecommendation(call, "override"), { unit_ids, reason, ...version(call) });

export const decline = (call: CallView, reason: string, route: string): Promise<boolean> =>
  commands.send(call.id, "decline", ofRecommendation(call, "decline"), { reason, route, ...version(call) });

export const reconfirm = (call: CallView, staging: boolean): Promise<boolean> =>
  commands.send(call.id, "reconfirm", ofDecision(call, "reconfirm"), { staging, ...version(call) });

export const secure = (call: CallView): Promise<boolean> =>
  commands.send(call.id, "secure", ofDecision(call, "secure"), version(call));

export const takeBack = (call: CallView, reason: string): Promise<boolean> =>
  commands.send(call.id, "take_back", ofDecision(call, "release"), { reason, ...version(call) });
