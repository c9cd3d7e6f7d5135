/** The link to the service as a state machine: what arrives, what to do about it; no socket, no clock. */
import type { ConsoleEvent, FrameItem } from "../wire";

export const WATCHDOG = 20_000;
export const POLL_EVERY = 3_000;
export const SOCKET_AGAIN = 60_000; // how often polling tries a socket
export const BLOCKED_AFTER = 3; // sockets in a row that never spoke although HTTP works
export const QUIET = 2_000; // an open socket silent for so long has replayed what there was
const BACKOFF = [500, 1_000, 2_000, 4_000, 8_000];

export type Phase = "loading" | "connecting" | "catching_up" | "live" | "polling" | "offline" | "signed_out";

export interface Link {
  readonly phase: Phase;
  readonly epoch: string;
  readonly seq: number;
  readonly head: number; // as the last heartbeat said
  readonly heard: number; // ms, when the last frame or snapshot came: the age of what is on screen
  readonly since: number; // ms, when this phase began
  readonly attempt: number;
  readonly mute: number; // sockets in a row that closed before they spoke
  readonly spoke: boolean;
  readonly knowsHead: boolean; // a heartbeat came through this socket
  readonly retryAt: number | null;
  readonly degraded: readonly string[];
  readonly policy: string; // digest of the policy that came with the snapshot
}

export type Input =
  | { type: "start" | "retry" | "wake" | "opened" | "tick" | "signed_in" }
  | { type: "snapshot"; epoch: string; seq: number; degraded: readonly string[]; policy: string }
  | { type: "items"; items: readonly FrameItem[] }
  | { type: "closed"; reason: "lost" | "socket_only" | "unauthorized" };

export type Effect =
  | { do: "fetch_snapshot" | "open_socket" | "close_socket" | "poll" }
  | { do: "deliver"; events: readonly ConsoleEvent[] };

export interface Step {
  readonly link: Link;
  readonly effects: readonly Effect[];
}

export const CLOSED: Link = {
  phase: "loading",
  epoch: "",
  seq: 0,
  head: 0,
  heard: 0,
  since: 0,
  attempt: 0,
  mute: 0,
  spoke: false,
  knowsHead: false,
  retryAt: null,
  degraded: [],
  policy: "",
};

/** Milliseconds before try number `attempt` (from 0); `chance` in [0, 1) spreads consoles apart. */
export function backoff(attempt: number, chance: number): number {
  const base = BACKOFF[Math.min(attempt, BACKOFF.length - 1)] ?? 8_000;
  return Math.round(base * (0.75 + chance / 2));
}

/** The link after one input at `now` (ms). */
export function step(link: Link, input: Input, now: number, chance: number): Step {
  switch (input.type) {
    case "start":
    case "signed_in":
      return reload(link, now);
    case "retry":
      return link.phase === "signed_out" ? stay(link) : reconnect(link, now);
    case "wake":
      return wake(link, now, chance);
    case "snapshot":
      return opening({ ...link, heard: now, epoch: input.epoch, seq: input.seq, head: input.seq, degraded: input.degraded, policy: input.policy }, now);
    case "opened":
      return stay({ ...link, phase: "catching_up", since: now });
    case "items":
      return received(link, input.items, now);
    case "closed":
      return closed(link, input.reason, now, chance);
    case "tick":
      return tick(link, now, chance);
  }
}

const stay = (link: Link): Step => ({ link, effects: [] });

const reload = (link: Link, now: number): Step => ({
  link: { ...link, phase: link.epoch ? "connecting" : "loading", since: now, retryAt: null },
  effects: [{ do: "close_socket" }, { do: "fetch_snapshot" }],
});

function opening(link: Link, now: number): Step {
  const next: Link = { ...link, phase: "connecting", head: link.seq, since: now, spoke: false, knowsHead: false, retryAt: null };
  return { link: next, effects: [{ do: "open_socket" }] };
}

const reconnect = (link: Link, now: number): Step => {
  if (link.epoch === "") return reload(link, now);
  const { link: next, effects } = opening(link, now);
  return { link: next, effects: [{ do: "close_socket" }, ...effects] };
};

function wake(link: Link, now: number, chance: number): Step {
  if (link.phase === "offline") return reconnect(link, now);
  return tick(link, now, chance);
}

function lost(link: Link, now: number, chance: number): Step {
  const retryAt = now + backoff(link.attempt, chance);
  const next: Link = { ...link, phase: "offline", since: now, attempt: link.attempt + 1, retryAt };
  return { link: next, effects: [{ do: "close_socket" }] };
}

function closed(link: Link, reason: "lost" | "socket_only" | "unauthorized", now: number, chance: number): Step {
  if (reason === "unauthorized") {
    return { link: { ...link, phase: "signed_out", since: now, retryAt: null }, effects: [{ do: "close_socket" }] };
  }
  if (link.phase === "signed_out") return stay(link);
  const mute = reason === "socket_only" && !link.spoke ? link.mute + 1 : 0;
  if (mute >= BLOCKED_AFTER && link.epoch !== "") {
    const polling: Link = { ...link, mute, phase: "polling", since: now, retryAt: now + SOCKET_AGAIN };
    return { link: polling, effects: [{ do: "close_socket" }, { do: "poll" }] };
  }
  return lost({ ...link, mute }, now, chance);
}

function tick(link: Link, now: number, chance: number): Step {
  if (link.phase === "offline") return link.retryAt !== null && now >= link.retryAt ? reconnect(link, now) : stay(link);
  if (link.phase === "signed_out") return stay(link);
  const silent = now - Math.max(link.heard, link.since);
  if (silent > WATCHDOG) return lost(link, now, chance);
  if (link.phase === "polling") {
    if (link.retryAt !== null && now >= link.retryAt) return reconnect({ ...link, mute: BLOCKED_AFTER - 1 }, now);
    return { link, effects: [{ do: "poll" }] };
  }
  const quiet = link.phase === "catching_up" && silent > QUIET && link.seq >= link.head;
  return quiet ? stay({ ...link, phase: "live", since: now, attempt: 0 }) : stay(link);
}

function received(link: Link, items: readonly FrameItem[], now: number): Step {
  const polling = link.phase === "polling";
  let next: Link = { ...link, heard: now, spoke: true, mute: polling ? link.mute : 0 };
  const events: ConsoleEvent[] = [];
  for (const item of items) {
    if (item.type === "resync" || item.epoch !== next.epoch) return withEvents(reload(next, now), events);
    if (item.type === "heartbeat") {
      // The service started again with another policy: what may be offered has changed.
      if (item.policy && item.policy !== next.policy) return withEvents(reload(next, now), events);
      // Behind the head of the heartbeat before this one: something was lost on the way and nobody noticed.
      if (next.seq < next.head && item.seq >= next.head && !polling) return withEvents(reconnect(next, now), events);
      next = { ...next, head: Math.max(item.seq, next.seq), knowsHead: true, degraded: item.degraded };
    } else if (item.seq === next.seq + 1) {
      events.push(item);
      next = { ...next, seq: item.seq };
    } else if (item.seq > next.seq) {
      return withEvents(reconnect(next, now), events);
    }
  }
  return withEvents(stay(arrived(next, now)), events);
}

/** Caught up once the head is known and reached. */
function arrived(link: Link, now: number): Link {
  if (link.phase !== "catching_up" || !link.knowsHead || link.seq < link.head) return link;
  return { ...link, phase: "live", since: now, attempt: 0 };
}

const withEvents = (step: Step, events: readonly ConsoleEvent[]): Step =>
  events.length === 0 ? step : { ...step, effects: [{ do: "deliver", events }, ...step.effects] };
