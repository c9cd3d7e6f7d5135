/** Rule 25: an arrival time is as old as what it was computed from, and a quiet recommendation is not stale. */
import { expect, test } from "vitest";
import { planAge, positionAge } from "../src/state/eta";
import { aPolicy, aUnit } from "./wire";

const NOW = Date.parse("2026-03-02T15:00:00Z");
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

test.each([
  ["InService", 60, "fresh"],
  ["InService", 61, "aged"],
  ["InService", 181, "unknown"],
  ["Station", 3600, "fresh"],
  ["Station", 3601, "unknown"],
] as const)("a unit %s whose position is %i s old is %s", (status, seconds, fresh) => {
  const unit = aUnit({ status, position_at: ago(seconds) });
  expect(positionAge(unit, aPolicy(), NOW)).toEqual({ seconds, fresh });
});

test("an old recommendation that the planner still looks at is fresh", () => {
  expect(planAge(ago(1200), NOW - 8_000, NOW)).toEqual({ seconds: 8, fresh: "fresh" });
});

test.each([
  [30, "fresh"],
  [31, "aged"],
  [91, "unknown"],
] as const)("a planner that was last heard of %i s ago leaves its times %s", (seconds, fresh) => {
  expect(planAge(ago(1200), NOW - seconds * 1000, NOW).fresh).toBe(fresh);
});

test("a recommendation is never older than itself", () => {
  expect(planAge(ago(5), NOW - 60_000, NOW).seconds).toBe(5);
});
