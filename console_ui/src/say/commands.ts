/** What each shortcut does, in words. */
import { m } from "../paraglide/messages.js";
import type { Command } from "../state/keys";

const NAMES: Record<Command, () => string> = {
  next: m.key_next,
  previous: m.key_previous,
  open: m.key_open,
  cancel: m.key_cancel,
  accept: m.key_accept,
  override: m.key_override,
  decline: m.key_decline,
  compare_previous: m.key_compare_previous,
  compare_next: m.key_compare_next,
  place_new: m.key_place_new,
  secure: m.key_secure,
  outcome: m.key_outcome,
  flag: m.key_flag,
  set_aside: m.key_set_aside,
  wrong_evidence: m.key_wrong_evidence,
  acknowledge: m.key_acknowledge,
  go_to_alert: m.key_go_to_alert,
  filter: m.key_filter,
  units: m.key_units,
  map: m.key_map,
  log: m.key_log,
  table: m.key_table,
  retry: m.key_retry,
  view_clinician: m.key_view_clinician,
  view_dispatcher: m.key_view_dispatcher,
  view_manager: m.key_view_manager,
  next_region: m.key_next_region,
  previous_region: m.key_previous_region,
  keys: m.key_keys,
};
export const commandName = (command: Command): string => NAMES[command]();
