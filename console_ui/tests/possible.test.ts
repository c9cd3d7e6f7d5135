/** What may be done with a decision after a new danger. */
import { expect, test } from "vitest";
import { possible } from "../src/views/dispatcher/possible";
import { rowState } from "../src/views/dispatcher/rowState";
import { aCall, aDecision, anAssessment, aPolicy, aUnit } from "./wire";

const reconfirm = [{ code: "NEW_DANGER", params: {}, weight: 0 }];
const behindGate = (released: boolean) =>
  aCall({
    assessment: anAssessment({ gates: [{ name: "G1", reason: "WEAPON_PRESENT", released }] }),
    decision: aDecision({ reconfirm, units: [{ unit_id: "U-1", staged: false, hold: "sent" }] }),
  });

test.each([
  ["CRT", false, false, false],
  ["CRT", true, false, true],
  ["COR", false, false, true],
  ["CRT", false, true, true],
] as const)("%s behind a gate (released: %s; a supervisor: %s) may go on: %s", (kind, released, supervises, goes) => {
  const units = new Map([["U-1", aUnit({ id: "U-1", kind })]]);
  expect(possible(behindGate(released), units, aPolicy(), supervises).goOn).toBe(goes);
});

test("a decline that stands can be taken back", () => {
  const call = aCall({ decision: aDecision({ kind: "declined", state: "standing" }) });
  expect(possible(call, new Map(), aPolicy()).takeBack).toBe(true);
});

const sent = aCall({
  decision: aDecision({ state: "sent", units: ["T-1", "P-1"].map((unit_id) => ({ unit_id, staged: false, hold: "sent" as const })) }),
});

test.each([
  ["EnRoute", "En route", false],
  ["Dispatched", "On the phone", false],
  ["OnScene", "On scene", true],
] as const)("with a clinician on the phone and the officer %s the call is %s", (officer, words, ends) => {
  const units = new Map([
    ["T-1", aUnit({ id: "T-1", kind: "TEL", status: "PatientContact" })],
    ["P-1", aUnit({ id: "P-1", kind: "PAT", status: officer })],
  ]);
  expect(rowState(sent, units).text).toBe(words);
  expect(possible(sent, units, aPolicy()).outcome).toBe(ends);
});

test("a call that goes to a phone alone has its outcome on the phone", () => {
  const alone = aCall({ decision: aDecision({ units: [{ unit_id: "L-1", staged: false, hold: "sent" }] }) });
  expect(possible(alone, new Map([["L-1", aUnit({ kind: "988", status: "PatientContact" })]]), aPolicy()).outcome).toBe(true);
});

const staged = aCall({
  decision: aDecision({
    staging: "staging",
    units: [
      { unit_id: "P-1", staged: false, hold: "received" },
      { unit_id: "C-1", staged: true, hold: "received" },
    ],
  }),
});

test.each([
  ["EnRoute", "OnScene", false],
  ["Staging", "Staging", false],
  ["Transporting", "Staging", false],
  ["Arrived", "Staging", true],
  ["OnScene", "EnRoute", true],
] as const)("with the officer %s and the clinician %s the scene may be called secured: %s", (officer, clinician, may) => {
  const units = new Map([
    ["P-1", aUnit({ id: "P-1", kind: "PAT", status: officer })],
    ["C-1", aUnit({ id: "C-1", kind: "CRT", status: clinician })],
  ]);
  expect(possible(staged, units, aPolicy())).toMatchObject({ secure: may, unsecured: !may, vouch: false });
  expect(possible(staged, units, aPolicy(), true)).toMatchObject({ secure: may, vouch: !may });
});

test("who is armed and which gate asks for officers is what the policy says", () => {
  const units = new Map([["U-1", aUnit({ id: "U-1", kind: "COR" })]]);
  expect(possible(behindGate(false), units, aPolicy({ armed: ["PAT"] })).goOn).toBe(false);
  expect(possible(behindGate(false), units, aPolicy({ armed: ["PAT"], officer_gates: [] })).goOn).toBe(true);
});
