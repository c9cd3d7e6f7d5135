/** What is missing while the service runs degraded. */
import { m } from "../paraglide/messages.js";
import { plain } from "./plain";

export function degradedText(what: string): string {
  if (what === "redis") return m.degraded_redis();
  if (what === "clock") return m.degraded_clock();
  if (what === "planner") return m.degraded_planner();
  if (what === "assessor" || what === "triage") return m.degraded_assessor();
  return m.degraded_other({ what: plain(what) });
}
