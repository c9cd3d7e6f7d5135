/** Every shortcut of the console: the one table that the handler obeys and the `?` sheet prints. */

export type View = "clinician" | "dispatcher" | "manager";
const LISTS: readonly View[] = ["clinician", "dispatcher"];
const ALL: readonly View[] = ["clinician", "dispatcher", "manager"];

export interface Shortcut {
  readonly command: Command;
  readonly keys: readonly string[]; // as KeyboardEvent.key writes them; letters in lower case
  readonly views: readonly View[];
  readonly decides?: true; // refused while the console does not stand at the head of the log
  readonly even?: "single_keys_off"; // works with single keys turned off: it is no character key
}

export const SHORTCUTS = [
  { command: "next", keys: ["j", "ArrowDown"], views: LISTS },
  { command: "previous", keys: ["k", "ArrowUp"], views: LISTS },
  { command: "open", keys: ["Enter"], views: LISTS, even: "single_keys_off" },
  { command: "cancel", keys: ["Escape"], views: ALL, even: "single_keys_off" },
  { command: "accept", keys: ["a"], views: ["dispatcher"], decides: true },
  { command: "override", keys: ["o"], views: ["dispatcher"], decides: true },
  { command: "decline", keys: ["d"], views: ["dispatcher"], decides: true },
  { command: "compare_previous", keys: ["["], views: ["dispatcher"] },
  { command: "compare_next", keys: ["]"], views: ["dispatcher"] },
  { command: "place_new", keys: ["n"], views: LISTS },
  { command: "secure", keys: ["s"], views: ["dispatcher"], decides: true },
  { command: "outcome", keys: ["c"], views: ["dispatcher"], decides: true },
  { command: "flag", keys: ["f"], views: ["clinician"], decides: true },
  { command: "set_aside", keys: ["u"], views: ["clinician"], decides: true },
  { command: "wrong_evidence", keys: ["w"], views: ["clinician"], decides: true },
  { command: "acknowledge", keys: ["x"], views: LISTS, decides: true },
  { command: "go_to_alert", keys: ["g"], views: LISTS },
  { command: "filter", keys: ["/"], views: LISTS },
  { command: "units", keys: ["u"], views: ["dispatcher"] },
  { command: "map", keys: ["m"], views: ["dispatcher"] },
  { command: "log", keys: ["l"], views: LISTS },
  { command: "table", keys: ["t"], views: ["manager"] },
  { command: "retry", keys: ["r"], views: ALL },
  { command: "view_clinician", keys: ["1"], views: ALL },
  { command: "view_dispatcher", keys: ["2"], views: ALL },
  { command: "view_manager", keys: ["3"], views: ALL },
  { command: "next_region", keys: ["F6"], views: ALL, even: "single_keys_off" },
  { command: "previous_region", keys: ["Shift+F6"], views: ALL, even: "single_keys_off" },
  { command: "keys", keys: ["?"], views: ALL },
] as const satisfies readonly (Omit<Shortcut, "command"> & { command: string })[];

export type Command = (typeof SHORTCUTS)[number]["command"];
const TABLE: readonly Shortcut[] = SHORTCUTS;

export interface Press {
  readonly key: string;
  readonly shift: boolean;
  readonly modified: boolean; // Ctrl, Alt or Meta
  readonly inField: boolean; // the focus is where a person types
}

export const shortcutsOf = (view: View): readonly Shortcut[] => TABLE.filter(({ views }) => views.includes(view));

/** The shortcut a key press means in a view; null = the press belongs to the page. */
export function shortcutFor(press: Press, view: View, singleKeys: boolean): Shortcut | null {
  if (press.modified) return null;
  const letter = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const key = press.shift && press.key.length > 1 ? `Shift+${letter}` : letter;
  if (press.inField && key !== "Escape" && !key.endsWith("F6")) return null;
  const found = shortcutsOf(view).find(({ keys }) => keys.includes(key));
  if (!found || (!singleKeys && key.length === 1 && !found.even)) return null;
  return found;
}
