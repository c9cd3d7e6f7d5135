/** The page's copy of the state: fed by the worker, flushed once per frame, re-sorted at most once a second. */
import type { FromWorker, LinkStatus, ToWorker } from "../feed/messages";
import { applyAll, EMPTY, fromSnapshot, type ConsoleState } from "../state/console";
import { stateHash } from "../state/hash";
import type { CallGroup } from "../state/placing";
import { grouped, orderKey } from "../state/queue";
import { reviewGroups, reviewKey } from "../state/review";
import type { CallView, ConsoleEvent, Snapshot } from "../wire";
import { clock } from "./clock.svelte";

type Meta = Omit<Snapshot, "calls" | "units" | "alerts" | "counts">;
const HIDDEN_FLUSH = 250; // ms; animation frames stop in hidden tabs
const SORT_EVERY = 1000;

const OFF: LinkStatus = { phase: "loading", seq: 0, head: 0, heard: 0, retryAt: null, degraded: [], serverAhead: 0 };

class Board {
  state = $state.raw<ConsoleState>(EMPTY);
  meta = $state.raw<Meta | null>(null);
  link = $state.raw<LinkStatus>(OFF);
  groups = $state.raw<readonly CallGroup[]>([]);
  reviews = $state.raw<readonly CallGroup[]>([]);
  plannerAlive = $state.raw(0); // ms of the service's time, when the planner was last heard of
  lastEventAt = $state.raw<string | null>(null);

  #worker: Worker | null = null;
  #queue: ConsoleEvent[] = [];
  #incoming: { head: Omit<Snapshot, "calls">; parts: number; calls: CallView[] } | null = null;
  #scheduled = false;
  #sortedAt = 0;
  #unsorted = false;
  #listeners = new Set<(events: readonly ConsoleEvent[]) => void>();

  /** Decisions are allowed: the console stands at the head of the log. */
  get current(): boolean {
    return this.link.phase === "live" || this.link.phase === "polling";
  }

  start(): void {
    if (this.#worker) return this.tell("signed_in");
    this.#worker = new Worker(new URL("../feed/worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    this.tell("start");
    const wake = (): void => this.tell("wake");
    document.addEventListener("visibilitychange", wake);
    addEventListener("online", wake);
    addEventListener("pageshow", wake);
    setInterval(() => this.#sort(), SORT_EVERY);
  }

  tell(kind: ToWorker["kind"]): void {
    this.#worker?.postMessage({ kind } satisfies ToWorker);
  }

  /** Called after events were applied; returns how to stop. */
  onEvents(listener: (events: readonly ConsoleEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hash(): Promise<string> {
    this.#flush();
    return stateHash(this.state);
  }

  #hear(message: FromWorker): void {
    if (message.kind === "events") {
      this.#queue.push(...message.events);
      this.#schedule();
    } else if (message.kind === "link") {
      clock.correct(message.status.serverAhead);
      this.link = message.status;
      const { degraded, heard, serverAhead } = message.status;
      if (!degraded.includes("planner")) this.plannerAlive = heard + serverAhead;
    } else {
      this.#take(message);
    }
  }

  #take(message: Extract<FromWorker, { kind: "snapshot" | "calls" }>): void {
    if (message.kind === "snapshot") this.#incoming = { head: message.head, parts: message.parts, calls: [] };
    else if (this.#incoming) {
      this.#incoming.calls.push(...message.calls);
      this.#incoming.parts--;
    }
    if (!this.#incoming || this.#incoming.parts > 0) return;
    const { head, calls } = this.#incoming;
    this.#incoming = null;
    this.#queue = [];
    this.state = fromSnapshot({ ...head, calls });
    this.meta = head;
    this.lastEventAt ??= head.server_time;
    this.#unsorted = true;
    this.#sort();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = (): void => {
      this.#scheduled = false;
      this.#flush();
    };
    if (document.hidden) setTimeout(flush, HIDDEN_FLUSH);
    else requestAnimationFrame(flush);
  }

  #flush(): void {
    if (this.#queue.length === 0 || this.#incoming) return;
    const events = this.#queue;
    this.#queue = [];
    const before = this.state.calls;
    this.state = applyAll(this.state, events);
    this.lastEventAt = events.at(-1)?.at ?? this.lastEventAt;
    this.#unsorted ||= events.some((event) => "call" in event && moves(before.get(event.call.id), event.call));
    if (clock.exact() - this.#sortedAt >= SORT_EVERY) this.#sort();
    for (const listener of this.#listeners) listener(events);
  }

  #sort(): void {
    if (!this.#unsorted) return;
    this.#unsorted = false;
    this.#sortedAt = clock.exact();
    this.groups = grouped(this.state.calls.values());
    this.reviews = reviewGroups(this.state.calls.values());
  }
}

const moves = (before: CallView | undefined, after: CallView): boolean =>
  before === undefined || !after.on_board || orderKey(before) !== orderKey(after) || reviewKey(before) !== reviewKey(after);

export const board = new Board();

declare global {
  interface Window {
    __tandem?: { readonly seq: number; readonly epoch: string; hash(): Promise<string> };
  }
}

// Tests compare this with the service's own digest at the same seq.
window.__tandem = {
  get seq() {
    return board.state.seq;
  },
  get epoch() {
    return board.state.epoch;
  },
  hash: () => board.hash(),
};
