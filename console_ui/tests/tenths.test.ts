/** Columns of the reader's plots are the shares that the report counts. */
import { expect, test } from "vitest";
import { needText, percent, reviewColumns, scoreColumns, tenthName } from "../src/state/tenths";
import type { ReaderReport } from "../src/wire";

const EMPTY = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const report = {
  histogram: [30, 0, 0, 0, 0, 0, 0, 0, 0, 10],
  drift: { reference: EMPTY, source: "first_calls", index: null },
  calibration: { reviewed: 4, least: 50, error: null, tenths: { "9": { calls: 4, need: 0.95, flagged: 3 } } },
} as unknown as ReaderReport;

test("bars are shares of the newest calls; a reference without calls draws no line", () => {
  const columns = scoreColumns(report);
  expect(columns.map(({ bar }) => bar)).toEqual([0.75, 0, 0, 0, 0, 0, 0, 0, 0, 0.25]);
  expect(columns.every(({ line }) => line === null)).toBe(true);
});

test("a tenth that nobody reviewed is empty, not zero", () => {
  const columns = reviewColumns(report);
  expect(columns[9]).toEqual({ from: 9, bar: 0.75, line: 0.95, calls: 4 });
  expect(columns[0]?.bar).toBeNull();
});

test("small shares keep a decimal, and nothing is no nought", () => {
  expect([percent(0.034), percent(0.34), percent(0), percent(null)]).toEqual(["3.4%", "34%", "0.0%", "–"]);
  expect(tenthName(3)).toBe("0.3–0.4");
});

test("a need is never told as certain", () => {
  expect([needText(0.9981), needText(0.0004), needText(0.346)]).toEqual(["0.99", "0.01", "0.35"]);
});
