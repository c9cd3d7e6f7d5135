/** One digest for a whole console state, equal to the one the service computes at the same seq. */
import type { ConsoleState } from "./console";

/** JSON with sorted keys and no whitespace; numbers as JavaScript prints them (1.0 is 1). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const sorted = <T extends { id: string }>(items: ReadonlyMap<string, T>): T[] =>
  [...items.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/** The text that is hashed: calls, units and unresolved alerts sorted by id, and the counts. */
export function hashedText(state: ConsoleState): string {
  return canonical({
    calls: sorted(state.calls),
    units: sorted(state.units),
    alerts: sorted(state.alerts),
    counts: state.counts,
  });
}

/** SHA-256 of the canonical text, in hex. Needs a secure context (https or localhost). */
export async function stateHash(state: ConsoleState): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(hashedText(state)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
