/** The link: no event lost, none twice, silence noticed. */
import { expect, test } from "vitest";
import { backoff, BLOCKED_AFTER, CLOSED, step, WATCHDOG, type Input, type Link, type Step } from "../src/feed/link";
import type { ConsoleEvent, FrameItem } from "../src/wire";

const event = (seq: number): ConsoleEvent => ({ seq, epoch: "e", type: "unit.changed.v1" }) as ConsoleEvent;
const beat = (seq: number): FrameItem => ({ type: "heartbeat", epoch: "e", seq, at: "", degraded: [], policy: "p" });
const items = (...list: FrameItem[]): Input => ({ type: "items", items: list });
const delivered = ({ effects }: Step): number[] => effects.flatMap((effect) => (effect.do === "deliver" ? effect.events.map(({ seq }) => seq) : []));
const does = ({ effects }: Step): string[] => effects.map((effect) => effect.do);

function after(inputs: Input[], now = 1000, from: Link = CLOSED): Link {
  return inputs.reduce((link, input) => step(link, input, now, 0).link, from);
}
const snapshot: Input = { type: "snapshot", epoch: "e", seq: 10, degraded: [], policy: "p" };
const live = after([{ type: "start" }, snapshot, { type: "opened" }, items(beat(10))]);

test("it starts with a snapshot and then opens a socket", () => {
  expect(does(step(CLOSED, { type: "start" }, 0, 0))).toContain("fetch_snapshot");
  expect(does(step(CLOSED, snapshot, 0, 0))).toEqual(["open_socket"]);
});

test("it is live once the head is known and reached", () => {
  const opened = after([snapshot, { type: "opened" }]);
  expect(opened.phase).toBe("catching_up");
  expect(step(opened, items(beat(12), event(11)), 1, 0).link.phase).toBe("catching_up");
  expect(step(opened, items(beat(11), event(11)), 1, 0).link.phase).toBe("live");
  expect(live.phase).toBe("live");
});

test("the next event is delivered, an older one is dropped", () => {
  expect(delivered(step(live, items(event(9), event(10), event(11), event(12)), 1, 0))).toEqual([11, 12]);
});

test("a gap closes the socket and asks again from where it stands", () => {
  const next = step(live, items(event(11), event(13)), 1, 0);
  expect([delivered(next), next.link.seq, does(next)]).toEqual([[11], 11, ["deliver", "close_socket", "open_socket"]]);
});

test("another epoch or a resync fetches a snapshot", () => {
  expect(does(step(live, items({ type: "resync", epoch: "f" }), 1, 0))).toContain("fetch_snapshot");
  expect(does(step(live, items({ ...event(11), epoch: "f" }), 1, 0))).toContain("fetch_snapshot");
});

test("a head that two heartbeats know and no event brought is a silent gap", () => {
  const behind = step(live, items(beat(12)), 1, 0).link;
  expect(does(step(behind, items(beat(12)), 2, 0))).toEqual(["close_socket", "open_socket"]);
});

test("silence longer than the watchdog is a dead link", () => {
  expect(step(live, { type: "tick" }, 1000 + WATCHDOG, 0).link.phase).toBe("live");
  expect(step(live, { type: "tick" }, 1001 + WATCHDOG, 0).link.phase).toBe("offline");
});

test("it waits longer each time, up to eight seconds, and never gives up", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoff(attempt, 0.5))).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect([backoff(0, 0), backoff(0, 0.999)]).toEqual([375, 625]);
});

test("after its wait it opens again from the last event", () => {
  const offline = step(live, { type: "closed", reason: "lost" }, 2000, 0).link;
  expect(does(step(offline, { type: "tick" }, 2374, 0))).toEqual([]);
  const again = step(offline, { type: "tick" }, 2375, 0);
  expect([does(again), again.link.seq]).toEqual([["close_socket", "open_socket"], 10]);
});

test("coming back to the page or online retries at once", () => {
  const offline = step(live, { type: "closed", reason: "lost" }, 2000, 0).link;
  expect(does(step(offline, { type: "wake" }, 2001, 0))).toContain("open_socket");
});

test("a session that ended asks for sign-in and keeps its place", () => {
  const out = step(live, { type: "closed", reason: "unauthorized" }, 2000, 0).link;
  expect([out.phase, out.seq]).toEqual(["signed_out", 10]);
  expect(does(step(out, { type: "retry" }, 2001, 0))).toEqual([]);
  expect(does(step(out, { type: "signed_in" }, 2001, 0))).toContain("fetch_snapshot");
});

test("sockets that never speak although HTTP works lead to polling", () => {
  let link = after([snapshot]);
  for (let tries = 0; tries < BLOCKED_AFTER; tries++) link = step({ ...link, spoke: false }, { type: "closed", reason: "socket_only" }, 3000, 0).link;
  expect(link.phase).toBe("polling");
  const polled = step(link, items(event(11)), 3001, 0);
  expect([delivered(polled), polled.link.phase]).toEqual([[11], "polling"]);
});

test("what is missing is known from the snapshot and from every heartbeat", () => {
  const degraded = step(live, items({ type: "heartbeat", epoch: "e", seq: 10, at: "", degraded: ["redis"], policy: "p" }), 1, 0).link;
  expect(degraded.degraded).toEqual(["redis"]);
});

test("what is on screen is as old as the last frame or snapshot that came, however often it was tried since", () => {
  let link = step(live, { type: "closed", reason: "lost" }, 2_000, 0).link;
  const tries: Input[] = [{ type: "tick" }, { type: "opened" }, { type: "closed", reason: "lost" }, { type: "retry" }, { type: "signed_in" }];
  tries.forEach((input, at) => (link = step(link, input, 60_000 + at * 1_000, 0).link));
  expect(link.heard).toBe(1_000);
  expect(step(link, snapshot, 90_000, 0).link.heard).toBe(90_000);
  expect(step(link, items(beat(10)), 91_000, 0).link.heard).toBe(91_000);
});

test("a try that nothing answers is given up after the watchdog's time, counted from its beginning", () => {
  const again = step(step(live, { type: "closed", reason: "lost" }, 60_000, 0).link, { type: "retry" }, 70_000, 0).link;
  expect(step(again, { type: "tick" }, 70_000 + WATCHDOG, 0).link.phase).toBe("connecting");
  expect(step(again, { type: "tick" }, 70_001 + WATCHDOG, 0).link.phase).toBe("offline");
});

test("another policy than the snapshot's fetches a snapshot", () => {
  expect(does(step(live, items({ type: "heartbeat", epoch: "e", seq: 10, at: "", degraded: [], policy: "q" }), 1, 0))).toContain("fetch_snapshot");
});
