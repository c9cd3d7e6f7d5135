/** Reasons in words: a code nobody knows yet is read, never shouted. */
import { expect, test } from "vitest";
import { problemFacts, problemNext } from "../src/say/problems";
import { reasonText, reasonTexts } from "../src/say/reasons";

test("an unknown code is a readable sentence", () => {
  expect(reasonText({ code: "KEEPS_A_BED_FREE", params: {} })).toBe("Keeps a bed free");
});

test("codes among the params of an unknown code are words too, and units keep their names", () => {
  const params = { gate: "WEAPON_PRESENT", part: "OFFICER", unit_id: "MEDIC_1", minutes: 4.04 };
  expect(reasonText({ code: "NEW_RULE", params })).toBe("New rule (weapon present, officer, MEDIC_1, 4)");
});

test("an unknown param of a known code is words", () => {
  expect(reasonText({ code: "GATE_FIT", params: { gate: "SOME_GATE" } })).toBe("Meets the safety gate: Some gate");
  expect(reasonText({ code: "MISSING_PART", params: { part: "CIT:forced_entry" } })).toBe("Lacks CIT officer, forced entry");
});

test("a refusal names the units that are gone", () => {
  const problem = { title: "", status: 409, code: "unit_unavailable", params: { taken: { "CRT-1": "c2" }, away: { "PAT-1": "OffDuty" } } };
  expect(problemFacts(problem, String)).toBe("CRT-1, PAT-1");
});

test("a refusal says what was decided, with which units, by whom and when", () => {
  const decision = { id: "d", kind: "overridden", state: "reserved", by: "dana", at: "14:32:00", units: ["CRT-1", "PAT-1"] };
  const problem = { title: "", status: 409, code: "already_decided", params: { decision } };
  expect(problemFacts(problem, String)).toBe("Sent otherwise than proposed, CRT-1 + PAT-1, dana, 14:32:00");
});

test("a call that somebody decided meanwhile is not asked to be decided again", () => {
  const said = (state: string): string => problemNext({ title: "", status: 409, code: "decision_stale", params: { decision: { state } } });
  expect([said("reserved"), said("expired")]).toEqual(["What they decided is shown above.", "See what is new above, then decide again."]);
});

test("reasons that read alike are said once", () => {
  const weapon = { code: "NEW_DANGER", params: { danger: "weapon", assertion: "affirmed", access: "unknown" } };
  const near = { code: "NEW_DANGER", params: { danger: "weapon", assertion: "affirmed", access: "in_hand" } };
  expect(reasonTexts([weapon, near, weapon])).toEqual(["Weapon: reported", "Weapon: in hand"]);
});
