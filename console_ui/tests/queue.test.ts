/** The queue: groups, order, filter, and a list that holds still. */
import { expect, test } from "vitest";
import { layout, pinned, pinOf, place, visible } from "../src/state/placing";
import { groupOf, grouped, matching, standing } from "../src/state/queue";
import { reviewGroups } from "../src/state/review";
import { aCall, aDecision, anAssessment, aRecommendation } from "./wire";

test.each([
  ["nothing said", aCall(), "other"],
  ["flagged without a plan", aCall({ assessment: anAssessment() }), "waiting"],
  ["a pairing proposed", aCall({ recommendation: aRecommendation() }), "decide"],
  ["no pairing possible", aCall({ recommendation: aRecommendation({ pairings: [], unserved: "NO_UNIT" }) }), "waiting"],
  ["accepted", aCall({ recommendation: aRecommendation(), decision: aDecision() }), "active"],
  ["declined", aCall({ decision: aDecision({ kind: "declined", state: "standing" }) }), "other"],
  ["a new danger after acceptance", aCall({ decision: aDecision({ reconfirm: [{ code: "NEW_DANGER", params: {}, weight: 0 }] }) }), "decide"],
  ["expired and proposed anew", aCall({ recommendation: aRecommendation({ id: "r2" }), decision: aDecision({ state: "expired" }) }), "decide"],
  ["set aside by a clinician", aCall({ assessment: anAssessment(), review: { state: "set_aside", by: "v", at: null, reason: null } }), "other"],
])("%s stands in its group", (_, call, group) => {
  expect(groupOf(call)).toBe(group);
});

test("a recommendation that was decided on no longer stands", () => {
  const call = aCall({ recommendation: aRecommendation(), decision: aDecision({ state: "released" }) });
  expect(standing(call)).toBeNull();
});

test("priority comes before wait, and a call without priority last", () => {
  const calls = [
    aCall({ id: "none", priority: null, received_at: "2026-03-02T13:00:00Z" }),
    aCall({ id: "new", priority: 2, received_at: "2026-03-02T14:30:00Z" }),
    aCall({ id: "old", priority: 2, received_at: "2026-03-02T14:00:00Z" }),
    aCall({ id: "first", priority: 1 }),
  ];
  expect(grouped(calls)[0]?.ids).toEqual(["first", "old", "new", "none"]);
});

test("every word of a filter has to match", () => {
  const wanted = matching("juniper 3a");
  expect([wanted(aCall()), wanted(aCall({ beat: "1B" }))]).toEqual([true, false]);
});

const groups = [{ group: "decide", ids: ["a", "b", "c"] }];

test("while the list is held new rows wait", () => {
  const { shown, waiting } = place(groups, new Set(["a", "c"]), true);
  expect([shown[0]?.ids, waiting]).toEqual([["a", "c"], ["b"]]);
});

test("a list nobody holds shows everything", () => {
  expect(place(groups, new Set(), false)).toEqual({ shown: groups, waiting: [] });
});

test("the row in hand stays where it was when its call moves to another group", () => {
  const before = [{ group: "decide", ids: ["a", "b", "c"] }, { group: "active", ids: ["x"] }];
  const after = [{ group: "decide", ids: ["a", "c"] }, { group: "active", ids: ["b", "x"] }];
  const shown = pinned(after, pinOf(before, "b"));
  expect(shown).toEqual([{ group: "decide", ids: ["a", "b", "c"], count: 2 }, { group: "active", ids: ["x"], count: 2 }]);
});

test("the row in hand keeps its group even when it was the last of it", () => {
  const pin = pinOf([{ group: "decide", ids: ["b"] }, { group: "active", ids: ["x"] }], "b");
  expect(pinned([{ group: "active", ids: ["b", "x"] }], pin).map(({ group, ids }) => [group, ids])).toEqual([["decide", ["b"]], ["active", ["x"]]]);
});

test("a row whose call has left the board is not kept", () => {
  const pin = pinOf([{ group: "decide", ids: ["b"] }], "b");
  expect(pinned([{ group: "active", ids: ["x"] }], pin)).toEqual([{ group: "active", ids: ["x"] }]);
});

test("a thousand rows are laid out and only a window of them is rendered", () => {
  const plan = layout([{ group: "other", ids: Array.from({ length: 1000 }, (_, n) => `c${n}`) }], 46, 26);
  const [from, to] = visible(plan, 4600, 690, 138);
  expect(plan.height).toBe(26 + 1000 * 46);
  expect(plan.tops[from] ?? 0).toBeLessThanOrEqual(4600 - 138);
  expect(to - from).toBeLessThan(25);
});

test("the review list puts the unread first and then the highest need", () => {
  const calls = [
    aCall({ id: "low", assessment: anAssessment({ need: 0.6 }) }),
    aCall({ id: "high", assessment: anAssessment({ need: 0.9 }) }),
    aCall({ id: "unread" }),
    aCall({ id: "done", assessment: anAssessment(), review: { state: "flagged", by: "v", at: null, reason: null } }),
    aCall({ id: "plain", assessment: anAssessment({ need: 0.1, flag: false }) }),
  ];
  expect(reviewGroups(calls).flatMap(({ ids }) => ids)).toEqual(["unread", "high", "low", "done"]);
});
