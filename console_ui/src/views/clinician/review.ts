/** The clinician's words on a call as requests. */
import { client, keyed } from "../../http";
import { commands } from "../../live/commands.svelte";
import type { CallView } from "../../wire";

type Gate = "G1" | "G2" | "G3" | "G4" | "G5" | "G6" | "G7" | "G8" | "G9" | "G10" | "G11" | "G12";
type Indicator = "suicidal"; // the generated union; a code of the service is passed through as it came

const at = (call: CallView, key: string) => ({ path: { call_id: call.id }, header: keyed(key) });
const version = (call: CallView): { decision_version: number } => ({ decision_version: call.decision_version });

export const review = (call: CallView, decision: "flag" | "set_aside", reason: string | null): Promise<boolean> =>
  commands.send(call.id, decision, (key) =>
    client.POST("/v1/calls/{call_id}/review", { params: at(call, key), body: { decision, reason, ...version(call) } }),
  );

export const indicate = (call: CallView, indicator: string, action: "confirm" | "dismiss" | "add", mention: string | null): Promise<boolean> =>
  commands.send(call.id, action, (key) =>
    client.POST("/v1/calls/{call_id}/flags", {
      params: at(call, key),
      body: { indicator: indicator as Indicator, action, mention, ...version(call) },
    }),
  );

export const release = (call: CallView, gate: string, mentions: string[], reason: string): Promise<boolean> =>
  commands.send(call.id, "release_gate", (key) =>
    client.POST("/v1/calls/{call_id}/gates/{gate}/release", {
      params: { path: { call_id: call.id, gate: gate as Gate }, header: keyed(key) },
      body: { mentions, reason, ...version(call) },
    }),
  );
