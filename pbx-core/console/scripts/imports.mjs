// Keeps the imports in order:
//  - no circle of files, and none of folders: what two of them need stands in a third;
//  - a layer imports only itself and those before it.
// What a page loads when it is opened, `import()`, doesn't count.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const layers = ["i18n", "api", "live", "parts", "pages", "shell"];

// Each circle once, as the way round it: [["a", "b", "a"]]. `graph`: a Map of names to the names that they import.
export function circles(graph) {
  const found = [];
  const done = new Set();
  const way = [];
  const visit = (name) => {
    const at = way.indexOf(name);
    if (at >= 0) return void found.push([...way.slice(at), name]);
    if (done.has(name)) return;
    way.push(name);
    for (const next of graph.get(name) ?? []) visit(next);
    way.pop();
    done.add(name);
  };
  for (const name of graph.keys()) visit(name);
  return found;
}

const layerOf = (file) => layers.indexOf(file.split("/")[0]);

// Imports of a later layer: ["parts/Menu.tsx imports pages/log/Log.tsx"].
export const upwards = (graph) =>
  [...graph].flatMap(([from, all]) =>
    [...all].filter((to) => layerOf(from) >= 0 && layerOf(to) > layerOf(from)).map((to) => `${from} imports ${to}`),
  );

// The same graph of the folders in which the files stand.
export function foldersOf(graph) {
  const folders = new Map();
  for (const [file, all] of graph) {
    const from = dirname(file);
    const to = [...all].map(dirname).filter((folder) => folder !== from);
    folders.set(from, new Set([...(folders.get(from) ?? []), ...to]));
  }
  return folders;
}

// What each file under `source` imports of the others, by their paths from there.
export function readGraph(source) {
  const graph = new Map();
  const files = readdirSync(source, { recursive: true }).filter(
    (f) => /\.(tsx?|js)$/.test(f) && !/\.test\.|schema\.ts$/.test(f),
  );
  for (const file of files) {
    const tree = ts.createSourceFile(file, readFileSync(join(source, file), "utf8"), ts.ScriptTarget.ES2022);
    const named = tree.statements
      .filter((s) => (ts.isImportDeclaration(s) || ts.isExportDeclaration(s)) && s.moduleSpecifier)
      .map((s) => s.moduleSpecifier.text);
    graph.set(
      file,
      new Set(named.map((name) => resolve(source, file, name)).filter((path) => path && files.includes(path))),
    );
  }
  return graph;
}

function resolve(source, from, name) {
  if (!/^[.~]/.test(name)) return null; // a package
  const path = name.startsWith("~/") ? join(source, name.slice(2)) : join(source, dirname(from), name);
  const file = ["", ".ts", ".tsx", ".js", "/index.ts"]
    .map((end) => path + end)
    .find((p) => /\.(tsx?|js)$/.test(p) && existsSync(p));
  return file ? relative(source, file) : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const graph = readGraph(fileURLToPath(new URL("../src", import.meta.url)));
  const faults = [
    ...circles(graph).map((way) => `a circle: ${way.join(" → ")}`),
    ...circles(foldersOf(graph)).map((way) => `a circle of folders: ${way.join(" → ")}`),
    ...upwards(graph),
  ];
  if (faults.length) {
    console.error(faults.join("\n"));
    process.exit(1);
  }
}
