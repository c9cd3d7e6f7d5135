/** Spans of evidence in a text: code-point offsets to text pieces, numbered as the evidence list is. */
import type { CallDetail, Mention } from "../wire";

export type Paint = "gate" | "support" | "against";
export interface Evidence {
  readonly number: number;
  readonly mention: Mention;
  readonly paint: Paint;
  readonly start: number;
  readonly end: number;
  readonly quote: string;
}
export interface Piece {
  readonly text: string;
  readonly paint: Paint | null;
  readonly numbers: readonly number[]; // every span over this piece
  readonly ends: readonly number[]; // spans whose last piece this is
}

const STRENGTH: Record<Paint, number> = { gate: 3, support: 2, against: 1 };
const DANGERS = new Set(["weapon", "violence", "medical", "hazard"]);
/** A weapon that is denied in the hand but is there: put down, locked away or within reach. */
export const isOnSite = ({ concept, assertion, access }: Mention): boolean =>
  concept === "weapon" && assertion === "negated" && (access === "elsewhere" || access === "within_reach");

const NEAR = 40; // code points between a phrase and the cue that is shown with it

function paintOf(mention: Mention, gated: ReadonlySet<string>): Paint {
  if (gated.has(mention.id)) return "gate";
  if (DANGERS.has(mention.concept) && (mention.assertion === "affirmed" || mention.assertion === "unknown")) return "gate";
  if (isOnSite(mention)) return "gate";
  return mention.contribution > 0 ? "support" : "against";
}

/** The phrase together with the words that assert or deny it, when they stand close. */
function extent(mention: Mention): [number, number] {
  const { start, end, cue_start: from, cue_end: to } = mention;
  if (from === null || to === null) return [start, end];
  const gap = Math.max(start - to, from - end, 0);
  return gap <= NEAR ? [Math.min(start, from), Math.max(end, to)] : [start, end];
}

export const codePoints = (text: string): string[] => Array.from(text);

/** Text of entry `index` of a call; -1 is the nature. */
export function textOf(detail: CallDetail, index: number): string {
  return index === -1 ? detail.call.nature : (detail.entries[index]?.text ?? "");
}

/** All evidence of a call in reading order, numbered from 1. */
export function evidenceOf(detail: CallDetail): Evidence[] {
  const gated = new Set(detail.gates.filter((gate) => !gate.released).flatMap((gate) => gate.mentions));
  const mentions = [...(detail.assessment?.mentions ?? [])];
  mentions.sort((a, b) => a.entry - b.entry || a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1));
  const points = new Map<number, string[]>();
  return mentions.map((mention, index) => {
    const text = points.get(mention.entry) ?? codePoints(textOf(detail, mention.entry));
    points.set(mention.entry, text);
    const [start, end] = extent(mention);
    const quote = text.slice(start, end).join("");
    return { number: index + 1, mention, paint: paintOf(mention, gated), start, end, quote };
  });
}

/** `text` cut at every border of a span; a span that does not fit the text is dropped. */
export function pieces(text: string, spans: readonly Evidence[]): Piece[] {
  const points = codePoints(text);
  const fitting = spans.filter(({ start, end }) => 0 <= start && start < end && end <= points.length);
  const borders = [...new Set([0, points.length, ...fitting.flatMap(({ start, end }) => [start, end])])];
  borders.sort((a, b) => a - b);
  return borders.slice(0, -1).map((from, index) => {
    const to = borders[index + 1] ?? points.length;
    const over = fitting.filter((span) => span.start <= from && to <= span.end);
    const paint = over.reduce<Paint | null>(
      (best, span) => (best === null || STRENGTH[span.paint] > STRENGTH[best] ? span.paint : best),
      null,
    );
    return {
      text: points.slice(from, to).join(""),
      paint,
      numbers: over.map((span) => span.number),
      ends: over.filter((span) => span.end === to).map((span) => span.number),
    };
  });
}
