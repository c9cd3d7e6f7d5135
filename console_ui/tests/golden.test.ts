/** The wire byte for byte: events that pytest wrote are understood here as they are. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apply, EMPTY } from "../src/state/console";
import { canonical } from "../src/state/hash";
import type { ConsoleEvent } from "../src/wire";

const GOLDEN = new URL("../../tests/golden/events/", import.meta.url);
const files = existsSync(GOLDEN) ? readdirSync(GOLDEN).filter((name) => name.endsWith(".json")) : [];

test("there are golden events to read", () => {
  expect(files.length).toBeGreaterThan(0);
});

for (const name of files) {
  const said: unknown = JSON.parse(readFileSync(new URL(name, GOLDEN), "utf8"));
  const events = (Array.isArray(said) ? said : [said]).filter((item) => item.type !== "heartbeat" && item.type !== "resync");
  for (const event of events as ConsoleEvent[]) {
    test(`${name}: ${event.type} applied twice is applied once`, () => {
      const once = apply(EMPTY, event);
      expect(apply(once, event)).toEqual(once);
      expect(once.seq).toBe(event.seq);
    });

    test(`${name}: ${event.type} keeps what it carries as it came`, () => {
      const carried = "call" in event ? event.call : "unit" in event ? event.unit : "alert" in event ? event.alert : event.counts;
      const state = apply(EMPTY, event);
      const kept = [...state.calls.values(), ...state.units.values(), ...state.alerts.values(), state.counts].filter(Boolean);
      const dropped = kept.length === 0;
      expect(dropped || canonical(kept[0]) === canonical(carried)).toBe(true);
    });
  }
}
