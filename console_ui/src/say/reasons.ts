/** Reason codes of pairings, holds, trade-offs and alerts as sentences. */
import { m } from "../paraglide/messages.js";
import type { Params, Reason } from "../wire";
import { plain } from "./plain";

const REASONS: Record<string, (params: Params) => string> = {};

/** A reason in words; a code this console does not know yet is shown readably, with its params. */
export function reasonText(reason: Reason): string {
  const known = REASONS[reason.code];
  if (known) return known(reason.params);
  const params = Object.values(reason.params).filter((value) => value !== null && value !== "");
  return params.length > 0 ? m.reason_other({ what: plain(reason.code), params: params.map(paramText).join(", ") }) : plain(reason.code);
}

const paramText = (value: string | number | boolean | null): string =>
  typeof value === "number" ? String(Math.round(value * 10) / 10) : String(value);
