/** Fails the build when what a browser has to load grows beyond its budget; sizes are gzip, JavaScript only. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KB = 1024;
const DIST = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));

/** A chunk with everything it imports statically. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const next of manifest[name].imports ?? []) withImports(next, found);
  return found;
}

const size = (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length;
const together = (...names) => {
  const chunks = new Set(names.flatMap((name) => [...withImports(name)]));
  return [...chunks].reduce((sum, name) => sum + size(manifest[name].file), 0);
};

const ENTRY = "index.html";
const budgets = [
  ["first load", 60, together(ENTRY)],
  ["dispatcher with map", 110, together(ENTRY, "src/views/dispatcher/Dispatcher.svelte", "src/map/leaflet.ts")],
  ["clinician", 90, together(ENTRY, "src/views/clinician/Clinician.svelte")],
  ["manager", 90, together(ENTRY, "src/views/manager/Manager.svelte")],
];

let over = false;
for (const [what, limit, bytes] of budgets) {
  const kb = bytes / KB;
  over ||= kb > limit;
  console.log(`${kb > limit ? "OVER " : "     "}${what}: ${kb.toFixed(1)} KB of ${limit} KB`);
}
process.exit(over ? 1 : 0);
