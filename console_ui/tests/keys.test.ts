/** Keys: one table, nothing while typing, and a dangerous key only arms. */
import { expect, test } from "vitest";
import { arm, fired, standing } from "../src/state/arming";
import { SHORTCUTS, shortcutFor, shortcutsOf, type Press, type View } from "../src/state/keys";

const press = (key: string, changes: Partial<Press> = {}): Press => ({ key, shift: false, modified: false, inField: false, ...changes });
const VIEWS: View[] = ["clinician", "dispatcher", "manager"];

test.each(VIEWS)("no key means two things in the %s view", (view) => {
  const keys = shortcutsOf(view).flatMap((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(VIEWS)("every key printed for the %s view is the key that works", (view) => {
  for (const { command, keys } of shortcutsOf(view)) {
    for (const key of keys) {
      const shifted = key.startsWith("Shift+");
      const found = shortcutFor(press(shifted ? key.slice(6) : key, { shift: shifted }), view, true);
      expect(found?.command).toBe(command);
    }
  }
});

test("single keys do nothing while a person types", () => {
  expect(shortcutFor(press("a", { inField: true }), "dispatcher", true)).toBeNull();
  expect(shortcutFor(press("Escape", { inField: true }), "dispatcher", true)?.command).toBe("cancel");
});

test("single keys can be turned off, others stay", () => {
  expect(shortcutFor(press("a"), "dispatcher", false)).toBeNull();
  expect(shortcutFor(press("F6"), "dispatcher", false)?.command).toBe("next_region");
});

test("a browser's own shortcuts are left alone", () => {
  expect(shortcutFor(press("r", { modified: true }), "dispatcher", true)).toBeNull();
});

test("capitals mean the same key", () => {
  expect(shortcutFor(press("A", { shift: true }), "dispatcher", true)?.command).toBe("accept");
});

test("everything that decides says so, so that it is refused while offline", () => {
  const deciding = SHORTCUTS.filter((shortcut) => "decides" in shortcut).map(({ command }) => command);
  expect(deciding).toEqual(expect.arrayContaining(["accept", "override", "decline", "flag", "set_aside", "acknowledge"]));
});

test("an armed key sends within five seconds and not after", () => {
  const armed = arm("accept", "c1 1 r1", 0);
  expect(fired(armed, "c1 1 r1", 5000, false)).toBe("accept");
  expect(fired(armed, "c1 1 r1", 5001, false)).toBeNull();
});

test("a key that repeats itself never sends", () => {
  expect(fired(arm("accept", "c1", 0), "c1", 100, true)).toBeNull();
});

test("what is armed lapses when the screen shows something else", () => {
  const armed = arm("accept", "c1 1 r1", 0);
  expect(fired(armed, "c1 2 r2", 100, false)).toBeNull();
  expect(standing(armed, "c1 2 r2", 100)).toBeNull();
});

test("nothing armed sends nothing", () => {
  expect(fired(null, "c1", 0, false)).toBeNull();
});
