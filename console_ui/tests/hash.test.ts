/** The digest that client and service compare. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { EMPTY } from "../src/state/console";
import { canonical, hashedText, stateHash } from "../src/state/hash";
import { aCall, aUnit } from "./wire";

test("keys are sorted and there is no whitespace", () => {
  expect(canonical({ b: [1, 2], a: { d: null, c: "x" } })).toBe('{"a":{"c":"x","d":null},"b":[1,2]}');
});

test.each([
  [1, "1"],
  [1.0, "1"],
  [0.1, "0.1"],
  [-0, "0"],
  [27.00958, "27.00958"],
  [1e21, "1e+21"],
  [1e-7, "1e-7"],
])("the number %s is printed as %s", (number, text) => {
  expect(canonical(number)).toBe(text);
});

test("text is kept as it is, not escaped to ASCII", () => {
  expect(canonical("año 😀")).toBe('"año 😀"');
});

test("calls and units are sorted by id, whatever order they came in", () => {
  const one = { ...EMPTY, calls: new Map([["b", aCall({ id: "b" })], ["a", aCall({ id: "a" })]]) };
  const other = { ...EMPTY, calls: new Map([["a", aCall({ id: "a" })], ["b", aCall({ id: "b" })]]) };
  expect(hashedText(one)).toBe(hashedText(other));
});

test("the hash is the SHA-256 of the canonical text", async () => {
  const state = { ...EMPTY, units: new Map([["CR-4", aUnit()]]) };
  expect(await stateHash(state)).toBe(createHash("sha256").update(hashedText(state)).digest("hex"));
});

test("the empty state has a text that a person can check", () => {
  expect(hashedText(EMPTY)).toBe('{"alerts":[],"calls":[],"counts":null,"units":[]}');
});
