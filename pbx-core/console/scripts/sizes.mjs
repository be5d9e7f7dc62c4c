// What a first load takes: index.html, the scripts and styles that it names, and one language; then every other file.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = resolve(process.argv[2] ?? "dist");
const limit = 150 * 1000;
const size = (path) => {
  const bytes = readFileSync(join(dist, path));
  return {
    path,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
};
const index = readFileSync(join(dist, "index.html"), "utf8");
const named = [...index.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((m) => m[1]);
const assets = readdirSync(join(dist, "assets"))
  .map((f) => `assets/${f}`)
  .filter((f) => statSync(join(dist, f)).isFile());
const first = new Set(["index.html", ...named, ...assets.filter((f) => /\/(en|dashboard)-[^/]*\.(js|css)$/i.test(f))]);
let gzip = 0;
for (const path of [...first, ...assets.filter((f) => !first.has(f))]) {
  const s = size(path);
  if (first.has(path)) gzip += s.gzip;
  console.log(
    `${first.has(path) ? "first" : "     "} ${String(s.raw).padStart(8)} ${String(s.gzip).padStart(7)} ${String(s.brotli).padStart(7)}  ${path}`,
  );
}
console.log(`first load: ${gzip} bytes gzipped, limit ${limit}`);
if (gzip > limit) process.exit(1);
