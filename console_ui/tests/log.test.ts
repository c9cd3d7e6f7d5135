/** The call's log says what happened, not how far the order had come by then. */
import { expect, test } from "vitest";
import { logText, newestFirst } from "../src/say/log";
import type { LogLine } from "../src/wire";

const aLine = (changes: Partial<LogLine>): LogLine => ({
  seq: 1,
  at: "2026-03-02T14:30:00Z",
  type: "decision.progressed.v1",
  by: null,
  what: null,
  gate: null,
  decision_kind: "accepted",
  revision: null,
  ...changes,
});

test.each([
  ["sent", "Order sent"],
  ["received", "Order received by unit"],
  ["reconfirmed", "Confirmed again"],
  ["secured", "Scene secured"],
  ["released", "Order taken back"],
  ["finished", "Order finished"],
  ["expired", "Order expired: not sent"],
])("%s reads %s, with who did it", (what, words) => {
  expect(logText(aLine({ what, by: "dana" }))).toBe(`${words} (dana)`);
});

test("a new danger is not laid to whoever typed the text", () => {
  expect(logText(aLine({ what: "reconfirm", by: "cad" }))).toBe("Has to be confirmed again");
});

test("proposals that follow one another are one line: the newest, and how many", () => {
  const proposed = (seq: number): LogLine => aLine({ seq, type: "pairing.proposed.v1", revision: String(seq) });
  const lines = [proposed(1), proposed(2), proposed(3), aLine({ seq: 4, what: "expired" }), proposed(5)];
  expect(newestFirst(lines).map(({ line, times }) => [line.seq, times])).toEqual([
    [5, 1],
    [4, 1],
    [3, 3],
  ]);
});
