/** Spans of local days for reports. */

export type Span = "today" | "7" | "28";

/** First and last day (ISO) of a span that ends with `today`. */
export function spanOf(span: Span, today: string): { first: string; last: string } {
  const days = span === "today" ? 1 : Number(span);
  const first = new Date(Date.parse(`${today}T00:00:00Z`) - (days - 1) * 86_400_000);
  return { first: first.toISOString().slice(0, 10), last: today };
}
