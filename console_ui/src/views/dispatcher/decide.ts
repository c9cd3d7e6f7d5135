/** The dispatcher's decisions as requests; every one names the version of the call that was on the screen. */
import { client, keyed } from "../../http";
import { commands } from "../../live/commands.svelte";
import type { CallView, Pairing } from "../../wire";

const version = (call: CallView): { decision_version: number } => ({ decision_version: call.decision_version });

const proposed = (call: CallView, key: string) => ({
  path: { recommendation_id: call.recommendation?.id ?? "" },
  header: keyed(key),
});
const decided = (call: CallView, key: string) => ({ path: { decision_id: call.decision?.id ?? "" }, header: keyed(key) });

export type Route = "standard_patrol" | "lifeline_988" | "ems" | "advise_only";

export const accept = (call: CallView, pairing: Pairing): Promise<boolean> =>
  commands.send(call.id, "accept", (key) =>
    client.POST("/v1/recommendations/{recommendation_id}/accept", {
      params: proposed(call, key),
      body: { pairing_id: pairing.id, ...version(call) },
    }),
  );

export const override = (call: CallView, unit_ids: string[], reason: string): Promise<boolean> =>
  commands.send(call.id, "override", (key) =>
    client.POST("/v1/recommendations/{recommendation_id}/override", {
      params: proposed(call, key),
      body: { unit_ids, reason, ...version(call) },
    }),
  );

export const decline = (call: CallView, reason: string, route: Route): Promise<boolean> =>
  commands.send(call.id, "decline", (key) =>
    client.POST("/v1/recommendations/{recommendation_id}/decline", {
      params: proposed(call, key),
      body: { reason, route, ...version(call) },
    }),
  );

export const reconfirm = (call: CallView, staging: boolean): Promise<boolean> =>
  commands.send(call.id, "reconfirm", (key) =>
    client.POST("/v1/decisions/{decision_id}/reconfirm", { params: decided(call, key), body: { staging, ...version(call) } }),
  );

export const secure = (call: CallView, reason: string | null = null): Promise<boolean> =>
  commands.send(call.id, "secure", (key) =>
    client.POST("/v1/decisions/{decision_id}/secure", { params: decided(call, key), body: { reason, ...version(call) } }),
  );

export const takeBack = (call: CallView, reason: string): Promise<boolean> =>
  commands.send(call.id, "take_back", (key) =>
    client.POST("/v1/decisions/{decision_id}/release", { params: decided(call, key), body: { reason, ...version(call) } }),
  );
