/** What may be done with a decision after a new danger. */
import { expect, test } from "vitest";
import { possible } from "../src/views/dispatcher/possible";
import { aCall, aDecision, anAssessment, aUnit } from "./wire";

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
  expect(possible(behindGate(released), units, supervises).goOn).toBe(goes);
});

test("a decline that stands can be taken back", () => {
  const call = aCall({ decision: aDecision({ kind: "declined", state: "standing" }) });
  expect(possible(call, new Map()).takeBack).toBe(true);
});
