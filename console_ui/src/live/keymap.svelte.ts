/** Key presses to commands: the table decides what a key means, the view on screen decides what it does. */
import { shortcutFor, type Command } from "../state/keys";
import { board } from "./board.svelte";
import { desk } from "./desk.svelte";
import { settings } from "./settings.svelte";

/** A handler that answers false leaves the command to the one registered before it. */
export type Handlers = Partial<Record<Command, (repeat: boolean) => unknown>>;
const handlers: Handlers[] = [];

/** Let `these` answer commands until the returned function is called; later ones win. */
export function answer(these: Handlers): () => void {
  handlers.push(these);
  return () => void handlers.splice(handlers.indexOf(these), 1);
}

/** Run a command as its key would; false = nobody on screen answers it. */
export function run(command: Command, repeat: boolean): boolean {
  return handlers.toReversed().some((one) => one[command] !== undefined && one[command](repeat) !== false);
}

const FIELDS = "input, textarea, select, [contenteditable=true]";

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A radio button is no place to type, but its arrow keys are its own.
  return target.matches(FIELDS);
}

export function onKeydown(event: KeyboardEvent, refused: () => void): void {
  if (event.defaultPrevented || document.querySelector("dialog:modal")) return;
  const press = {
    key: event.key,
    shift: event.shiftKey,
    modified: event.ctrlKey || event.altKey || event.metaKey,
    inField: isField(event.target),
  };
  const shortcut = shortcutFor(press, desk.view, settings.singleKeys);
  if (!shortcut) return;
  // Arrows scroll a region that has the focus.
  if (event.key.startsWith("Arrow") && event.target instanceof Element && event.target.closest("[data-scroll]")) return;
  // Enter on a button is the button's own, unless a key has armed something.
  if (shortcut.command === "open" && !desk.armed && event.target instanceof HTMLElement) {
    if (event.target.closest("button, a, summary")) return;
  }
  if (shortcut.decides && !board.current) {
    event.preventDefault();
    refused();
    return;
  }
  if (run(shortcut.command, event.repeat)) event.preventDefault();
}
