/** Builds the console: messages compiled, icons inlined, every view its own chunk. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vitest/config";

/** `lucide-static/icons/x.svg?icon` is the drawing inside the svg, without its frame and comment. */
function icons(): Plugin {
  return {
    name: "icons",
    enforce: "pre",
    async load(id) {
      if (!id.endsWith(".svg?icon")) return null;
      const svg = await readFile(id.slice(0, -"?icon".length), "utf8");
      const drawing = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      return `export default ${JSON.stringify(drawing.replace(/\s*\n\s*/g, "").trim())};`;
    },
  };
}

const CHOOSER = /\(\(inputs(?: = \{\})?, options = \{\}\) => \{[^]*?return (en_\w+)\(inputs\)\s+return (es_\w+)\(inputs\)\s+\}\)/;

/** Messages share one chooser of the language, where the compiler gives each its own: 6 KB of gzip. */
function oneChooser(): Plugin {
  const name = "\0one-chooser";
  return {
    name: "one-chooser",
    resolveId: (id) => (id === name ? name : null),
    load(id) {
      if (id !== name) return null;
      const runtime = JSON.stringify(fileURLToPath(new URL("src/paraglide/runtime.js", import.meta.url)));
      return `import { getLocale } from ${runtime};
        export const choose = (en, es) => (inputs) => (getLocale() === "en" ? en : es)(inputs ?? {});`;
    },
    transform(code, id) {
      if (!/paraglide.messages.\w+\.js$/.test(id) || !CHOOSER.test(code)) return null;
      return `import { choose } from ${JSON.stringify(name)};\n${code.replace(CHOOSER, "/* @__PURE__ */ choose($1, $2)")}`;
    },
  };
}

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/paraglide",
      strategy: ["baseLocale"],
      outputStructure: "message-modules",
      emitReadme: false,
      emitTsDeclarations: false,
    }),
    oneChooser(),
    icons(),
    svelte(),
  ],
  base: "/",
  build: {
    target: "es2022",
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: "es" },
  server: { proxy: { "/v1": { target: process.env["TANDEM_URL"] ?? "http://localhost:8000", ws: true } } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
