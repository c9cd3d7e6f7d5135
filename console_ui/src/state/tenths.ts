/** The need as people read it, and counts by its tenths as parts of a whole. Pure. */
import type { ReaderReport } from "../wire";

/** One column: a bar and a line across it, each 0 to 1; null where there is nothing to draw. */
export interface Column {
  readonly from: number; // tenth, 0 to 9
  readonly bar: number | null;
  readonly line: number | null;
  readonly calls: number;
}

const shares = (counts: readonly number[]): (number | null)[] => {
  const whole = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => (whole ? n / whole : null));
};

/** The newest calls beside the reference. */
export function scoreColumns(report: ReaderReport): Column[] {
  const newest = shares(report.histogram);
  const reference = shares(report.drift.reference);
  return report.histogram.map((calls, from) => ({ from, bar: newest[from] ?? null, line: reference[from] ?? null, calls }));
}

/** The share that clinicians flagged beside the mean score. */
export function reviewColumns(report: ReaderReport): Column[] {
  return report.histogram.map((_, from) => {
    const seen = report.calibration.tenths[String(from)];
    return seen ? { from, bar: seen.flagged / seen.calls, line: seen.need, calls: seen.calls } : { from, bar: null, line: null, calls: 0 };
  });
}

/** 0.30 to 0.40 as "0.3–0.4". */
export const tenthName = (from: number): string => `${(from / 10).toFixed(1)}–${((from + 1) / 10).toFixed(1)}`;
/** A share as people read it. */
export const percent = (share: number | null | undefined): string => (share == null ? "–" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`);
/** A need to two places; a model is never certain, so neither 0.00 nor 1.00. */
export const needText = (need: number): string => Math.min(0.99, Math.max(0.01, need)).toFixed(2);
