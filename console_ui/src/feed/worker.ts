/** Holds the socket and its watchdog off the page, where a hidden tab cannot slow them. */
import type { ConsoleEvent, FrameItem, Snapshot } from "../wire";
import { CLOSED, POLL_EVERY, step, type Effect, type Input, type Link } from "./link";
import type { FromWorker, ToWorker } from "./messages";

const SLICE = 250; // calls a message: the page never unpacks a whole center in one task
const HAND_OVER = 50; // ms between two messages of events under load

let link: Link = CLOSED;
let socket: WebSocket | null = null;
let serverAhead = 0;
let polledAt = 0;
let pending: ConsoleEvent[] = [];
let handedOver = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
let told = "";

const tell = (message: FromWorker): void => self.postMessage(message);

function feed(input: Input): void {
  const { link: next, effects } = step(link, input, Date.now(), Math.random());
  link = next;
  for (const effect of effects) carryOut(effect);
  const { phase, seq, head, heard, retryAt, degraded } = link;
  const key = `${phase} ${seq} ${head} ${Math.floor(heard / 1000)} ${retryAt} ${degraded.join()}`;
  if (key !== told) {
    told = key;
    handOver();
    tell({ kind: "link", status: { phase, seq, head, heard, retryAt, degraded, serverAhead } });
  }
}

function carryOut(effect: Effect): void {
  switch (effect.do) {
    case "fetch_snapshot":
      void fetchSnapshot();
      return;
    case "open_socket":
      openSocket();
      return;
    case "close_socket":
      closeSocket();
      return;
    case "poll":
      if (Date.now() - polledAt >= POLL_EVERY) void poll();
      return;
    case "deliver":
      pending.push(...effect.events);
      handOver();
  }
}

function handOver(): void {
  if (pending.length === 0 || timer !== null) return;
  const wait = handedOver + HAND_OVER - Date.now();
  if (wait > 0) {
    timer = setTimeout(() => {
      timer = null;
      handOver();
    }, wait);
    return;
  }
  handedOver = Date.now();
  tell({ kind: "events", events: pending });
  pending = [];
}

async function fetchSnapshot(): Promise<void> {
  const response = await get("/v1/console/snapshot");
  if (!response?.ok) return feed({ type: "closed", reason: response?.status === 401 ? "unauthorized" : "lost" });
  const { calls, ...head } = (await response.json()) as Snapshot;
  serverAhead = Date.parse(head.server_time) - Date.now();
  pending = [];
  const parts = Math.ceil(calls.length / SLICE);
  tell({ kind: "snapshot", head, parts });
  for (let part = 0; part < parts; part++) tell({ kind: "calls", calls: calls.slice(part * SLICE, (part + 1) * SLICE) });
  feed({ type: "snapshot", epoch: head.epoch, seq: head.seq, degraded: head.degraded, policy: head.policy.digest });
}

const position = (): string => `epoch=${encodeURIComponent(link.epoch)}&after=${link.seq}`;

async function poll(): Promise<void> {
  polledAt = Date.now();
  const response = await get(`/v1/console/events?${position()}`);
  if (!response) return feed({ type: "closed", reason: "lost" });
  if (response.status === 401) return feed({ type: "closed", reason: "unauthorized" });
  if (response.status === 409 || response.status === 410) return feed({ type: "items", items: [RESYNC] });
  if (response.ok) heard((await response.json()) as FrameItem[]);
}

const RESYNC: FrameItem = { type: "resync", epoch: "" };

function heard(items: readonly FrameItem[]): void {
  const beat = items.findLast((item) => item.type === "heartbeat");
  if (beat) serverAhead = Date.parse(beat.at) - Date.now();
  feed({ type: "items", items });
}

function openSocket(): void {
  closeSocket();
  const scheme = self.location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${self.location.host}/v1/console/feed?${position()}`);
  socket = opened;
  opened.onopen = () => socket === opened && feed({ type: "opened" });
  opened.onmessage = ({ data }) => socket === opened && heard(JSON.parse(data as string) as FrameItem[]);
  opened.onclose = () => {
    if (socket !== opened) return;
    socket = null;
    void explain();
  };
}

// A browser does not say why a socket failed, so the session is asked: signed out, unreachable, or only sockets blocked.
async function explain(): Promise<void> {
  const response = await get("/v1/session");
  if (socket !== null) return;
  if (!response) return feed({ type: "closed", reason: "lost" });
  feed({ type: "closed", reason: response.status === 401 ? "unauthorized" : "socket_only" });
}

function closeSocket(): void {
  const closing = socket;
  socket = null;
  closing?.close();
}

async function get(path: string): Promise<Response | null> {
  try {
    return await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
  } catch {
    return null; // unreachable; the link says so
  }
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => feed({ type: data.kind });
setInterval(() => feed({ type: "tick" }), 250);
