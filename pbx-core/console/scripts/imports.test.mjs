import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { circles, foldersOf, readGraph, upwards } from "./imports.mjs";

const made = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })));

// The graph of files with these texts.
function graphOf(files) {
  const source = mkdtempSync(join(tmpdir(), "imports-"));
  made.push(source);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(source, dirname(file)), { recursive: true });
    writeFileSync(join(source, file), text);
  }
  return readGraph(source);
}

describe("A circle of imports", () => {
  it("is found between two files, also of types alone", () => {
    const graph = graphOf({
      "pages/a/A.tsx": 'import { B } from "./B";',
      "pages/a/B.tsx": 'import type { A } from "./A";',
    });
    expect(circles(graph)).toEqual([["pages/a/A.tsx", "pages/a/B.tsx", "pages/a/A.tsx"]]);
  });
  it("is found over three files, by any way of naming them, and in what is exported on", () => {
    const graph = graphOf({
      "parts/a.ts": 'export { b } from "~/parts/b";',
      "parts/b.ts": 'import "../parts/c/index";',
      "parts/c/index.ts": 'import a from "../a";',
    });
    expect(circles(graph)).toHaveLength(1);
  });
  it("is found between folders whose files have none", () => {
    const graph = graphOf({
      "pages/a/A.ts": 'import "../b/B";',
      "pages/b/B.ts": "",
      "pages/b/C.ts": 'import "../a/D";',
      "pages/a/D.ts": "",
    });
    expect(circles(graph)).toEqual([]);
    expect(circles(foldersOf(graph))).toEqual([["pages/a", "pages/b", "pages/a"]]);
  });
  it("isn't made by what two files both need, nor by what is loaded later", () => {
    const graph = graphOf({
      "pages/a/A.tsx": 'import "./c"; import "./B";',
      "pages/a/B.tsx": 'import "./c";',
      "pages/a/c.ts": 'void import("./A");',
    });
    expect(circles(graph)).toEqual([]);
  });
});

it("A layer that imports a later one is found; one that imports an earlier one isn't", () => {
  const graph = graphOf({
    "parts/Menu.tsx": 'import "~/pages/log/Log";',
    "pages/log/Log.tsx": 'import "~/parts/Page";',
    "parts/Page.tsx": "",
  });
  expect(upwards(graph)).toEqual(["parts/Menu.tsx imports pages/log/Log.tsx"]);
});
