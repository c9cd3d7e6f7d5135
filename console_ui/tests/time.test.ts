/** Waits, ages and days as they are written. */
import { expect, test } from "vitest";
import { freshness } from "../src/state/limits";
import { spanOf } from "../src/state/spans";
import { clockTime, left, secondsSince, wait, wholeMinutes } from "../src/state/time";
import { byState, proposedUnits, unitState } from "../src/state/units";
import { aCall, aDecision, aRecommendation, aUnit } from "./wire";

test.each([
  [0, "00:00"],
  [161, "02:41"],
  [3599, "59:59"],
  [3600, "1:00:00"],
  [37_230, "10:20:30"],
])("%i seconds are written %s", (seconds, text) => {
  expect(wait(seconds)).toBe(text);
});

test("a time in the future has waited nothing", () => {
  expect(secondsSince("2026-03-02T14:30:00Z", Date.parse("2026-03-02T14:29:00Z"))).toBe(0);
});

test("what is left of a shift is hours and minutes, never negative", () => {
  const now = Date.parse("2026-03-02T14:00:00Z");
  expect([left("2026-03-02T18:50:30Z", now), left("2026-03-02T13:00:00Z", now)]).toEqual(["4:50", "0:00"]);
});

test("clock times are in the center's time zone", () => {
  expect(clockTime("America/Chicago")("2026-03-02T20:32:07Z")).toBe("14:32:07");
});

test("arrivals round up: nobody is shown nearer than they are", () => {
  expect([wholeMinutes(6.2), wholeMinutes(7), wholeMinutes(7.04)]).toEqual([7, 7, 7]);
});

test("a value past three times its limit is unknown", () => {
  expect([60, 61, 180, 181].map((age) => freshness(age, 60))).toEqual(["fresh", "aged", "aged", "unknown"]);
});

test("seven days end today", () => {
  expect(spanOf("7", "2026-03-02")).toEqual({ first: "2026-02-24", last: "2026-03-02" });
});

test.each([
  [{ status: "OnScene", primary: "NotAvailable" }, "on_scene"],
  [{ status: "EnRoute", primary: "NotAvailable" }, "en_route"],
  [{ status: "InService", primary: "Available" }, "proposed"],
  [{ status: "InService", primary: "Available", hold: "reserved" }, "reserved"],
  [{ status: "TrafficStop", primary: "NotAvailable" }, "busy"],
] as const)("a unit that is %o is %s when it is proposed", (changes, state) => {
  expect(unitState(aUnit(changes), true)).toBe(state);
});

test("units of a call are proposed only until somebody decides", () => {
  const call = aCall({ recommendation: aRecommendation() });
  expect([...proposedUnits(call)]).toEqual(["CR-4"]);
  expect(proposedUnits({ ...call, decision: aDecision() }).size).toBe(0);
});

test("units are sorted by what they do, then by name with its number", () => {
  const units = ["CR-10", "CR-2"].map((id) => [aUnit({ id }), "free"] as [ReturnType<typeof aUnit>, "free"]);
  expect(units.sort(byState).map(([unit]) => unit.id)).toEqual(["CR-2", "CR-10"]);
});
