/** What is missing while the service runs degraded. */
import { m } from "../paraglide/messages.js";
import { plain } from "./plain";

/** Whether it changes what is read on this very screen: such a row is not to be overlooked. */
export const changesReading = (what: string): boolean => what === "phrases" || what === "policy" || what.startsWith("classifier");

export function degradedText(what: string): string {
  if (what === "redis") return m.degraded_redis();
  if (what === "clock") return m.degraded_clock();
  if (what === "planner") return m.degraded_planner();
  if (what === "assessor" || what === "triage") return m.degraded_assessor();
  if (what === "phrases") return m.degraded_phrases();
  if (what === "policy") return m.degraded_policy();
  if (what === "roads") return m.degraded_roads();
  if (what === "classifier_missing") return m.degraded_classifier_missing();
  if (what === "classifier_mismatch") return m.degraded_classifier_mismatch();
  return m.degraded_other({ what: plain(what) });
}
