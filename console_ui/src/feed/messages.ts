/** What the page and the feed's worker say to each other. */
import type { CallView, ConsoleEvent, Snapshot } from "../wire";
import type { Phase } from "./link";

export interface LinkStatus {
  readonly phase: Phase;
  readonly seq: number;
  readonly head: number;
  readonly heard: number; // ms of this machine's clock
  readonly retryAt: number | null;
  readonly degraded: readonly string[];
  readonly serverAhead: number; // ms by which the service's clock is ahead of this machine's
}

export type FromWorker =
  | { kind: "snapshot"; head: Omit<Snapshot, "calls">; parts: number }
  | { kind: "calls"; calls: readonly CallView[] }
  | { kind: "events"; events: readonly ConsoleEvent[] }
  | { kind: "link"; status: LinkStatus };

export type ToWorker = { kind: "start" | "retry" | "wake" | "signed_in" };
