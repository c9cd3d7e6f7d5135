/** Spans in a text: code points, numbers, overlaps, and the three marks. */
import { expect, test } from "vitest";
import { mentionText } from "../src/say/needs";
import { accessName } from "../src/say/safety";
import { evidenceOf, pieces } from "../src/state/evidence";
import { dangerMarks } from "../src/state/marks";
import type { CallDetail, Mention } from "../src/wire";
import { aCall, aMention, anAssessment } from "./wire";

function aDetail(texts: string[], mentions: Mention[], gated: string[] = []): CallDetail {
  return {
    call: aCall(),
    entries: texts.map((text, ordinal) => ({ ordinal, text, author: null, at: null })),
    assessment: { mentions } as CallDetail["assessment"],
    gates: gated.map((id) => ({ name: "G1", reason: "WEAPON_PRESENT", released: false, mentions: [id] })),
    flags: [],
    answers: [],
    releases: [],
    log: [],
  } as CallDetail;
}
const shown = (text: string, mentions: Mention[]): string[] =>
  pieces(text, evidenceOf(aDetail([text], mentions))).map((piece) => piece.text);

test("a text without evidence is one piece", () => {
  expect(shown("NOTHING HERE", [])).toEqual(["NOTHING HERE"]);
});

test("offsets are code points, so an emoji before a span does not shift it", () => {
  expect(shown("😀😀 OFF MEDS", [aMention({ start: 3, end: 11 })])).toEqual(["😀😀 ", "OFF MEDS"]);
});

test("pieces put together are the text", () => {
  const text = "RP 👩‍👧 SAYS NO KNIFE, NO GUN";
  expect(shown(text, [aMention({ start: 4, end: 9 }), aMention({ id: "b", start: 7, end: 14 })]).join("")).toBe(text);
});

test("where spans overlap the gate wins the paint and both numbers are kept", () => {
  const mentions = [aMention({ id: "a", start: 0, end: 6 }), aMention({ id: "b", concept: "weapon", start: 3, end: 9, contribution: 0 })];
  const cut = pieces("ABCDEFGHI", evidenceOf(aDetail(["ABCDEFGHI"], mentions, ["b"])));
  expect(cut.map(({ paint, numbers }) => [paint, numbers])).toEqual([
    ["support", [1]],
    ["gate", [1, 2]],
    ["gate", [2]],
  ]);
});

test("a span that no longer fits the text is dropped", () => {
  expect(shown("SHORT", [aMention({ start: 2, end: 40 })])).toEqual(["SHORT"]);
});

test("evidence is numbered in reading order over all entries", () => {
  const mentions = [aMention({ id: "late", entry: 1 }), aMention({ id: "early", entry: 0 })];
  expect(evidenceOf(aDetail(["ONE", "TWO"], mentions)).map(({ mention }) => mention.id)).toEqual(["early", "late"]);
});

test("a denied phrase is quoted with the words that deny it", () => {
  const mention = aMention({ concept: "weapon", assertion: "negated", start: 3, end: 7, cue_start: 0, cue_end: 2, contribution: 0 });
  const [first] = evidenceOf(aDetail(["NO GUNS"], [mention]));
  expect([first?.quote, first?.paint]).toEqual(["NO GUNS", "against"]);
});

test("a released gate no longer paints its mention as a gate", () => {
  const detail = aDetail(["ABC"], [aMention({ id: "a" })], ["a"]);
  const released = { ...detail, gates: detail.gates.map((gate) => ({ ...gate, released: true })) };
  expect(evidenceOf(released)[0]?.paint).toBe("support");
});

const view = { access: "unknown", conflict: false, look_alike: false } as const;

test("a danger nobody mentioned is not asked, which is not the same as absent or unknown", () => {
  const assessment = anAssessment({
    dangers: { weapon: { ...view, assertion: "negated" }, violence: { ...view, assertion: "unknown" } },
  });
  const marks = dangerMarks(assessment, []).map(({ danger, mark }) => `${danger} ${mark}`);
  expect(marks).toEqual(["weapon absent", "violence unknown", "medical not_mentioned", "hazard not_mentioned"]);
});

test.each([
  ["elsewhere", "secured"],
  ["within_reach", "present"],
] as const)("a weapon that is denied in the hand but %s is safety evidence, marked %s", (access, mark) => {
  const mention = aMention({ concept: "weapon", assertion: "negated", access, start: 0, end: 2, contribution: 0 });
  const evidence = evidenceOf(aDetail(["ab"], [mention]));
  const assessment = anAssessment({ dangers: { weapon: { ...view, assertion: "negated", access } } });
  expect([evidence[0]?.paint, dangerMarks(assessment, evidence)[0]?.mark]).toEqual(["gate", mark]);
  expect(mentionText(mention)).toBe(accessName(access));
});

test("a weapon that is locked away is not stated absent", () => {
  const assessment = anAssessment({ dangers: { weapon: { ...view, assertion: "negated", access: "elsewhere" } } });
  expect(dangerMarks(assessment, [])[0]?.mark).toBe("secured");
});

test("where statements disagree both sides are quoted", () => {
  const mentions = [
    aMention({ id: "a", concept: "weapon", assertion: "negated", start: 0, end: 2 }),
    aMention({ id: "b", concept: "weapon", assertion: "affirmed", start: 3, end: 5 }),
  ];
  const assessment = anAssessment({ dangers: { weapon: { ...view, assertion: "affirmed", conflict: true } } });
  expect(dangerMarks(assessment, evidenceOf(aDetail(["AB CD"], mentions)))[0]?.quotes).toHaveLength(2);
});
