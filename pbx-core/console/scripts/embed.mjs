// node embed.mjs DIST OUT: packs Vite's files into OUT/assets.bin (each as it is, gzipped and with brotli) and writes the
// table of them, OUT/assets.cpp. One .incbin compiles in a moment, where arrays of a megabyte take minutes.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [dist, out] = process.argv.slice(2).map((p) => resolve(p));
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

function walk(folder, prefix) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? walk(join(folder, entry.name), path) : [path];
  });
}

const chunks = [];
let offset = 0;
const place = (bytes) => {
  const here = `{kBytes + ${offset}, ${bytes.length}}`;
  chunks.push(bytes);
  offset += bytes.length;
  return here;
};
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0); // bytes, as C++ compares
const rows = walk(dist, "")
  .sort(order)
  .map((path) => {
    const type = types[extname(path)];
    if (!type) throw new Error(`${path}: no content type is known for it`);
    const bytes = readFileSync(join(dist, path));
    const gzip = gzipSync(bytes, { level: 9 });
    const brotli = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    const etag = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
    const smaller = (packed) => (packed.length < bytes.length ? place(packed) : "{}");
    return `    {"${path}", "${type}", "\\"${etag}\\"", ${path.startsWith("/assets/")}, ${place(bytes)}, ${smaller(gzip)}, ${smaller(brotli)}},`;
  });

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "assets.bin"), Buffer.concat(chunks));
writeFileSync(
  join(out, "assets.cpp"),
  `// Made by scripts/embed.mjs.
#include "pbx-core/console/assets.hpp"

asm(".pushsection .rodata\\n"
    "roamdesk_console_bytes:\\n"
    ".incbin \\"${join(out, "assets.bin")}\\"\\n"
    ".byte 0\\n"
    ".popsection\\n");
extern "C" const char kBytes[] asm("roamdesk_console_bytes");

namespace roamdesk::console {
namespace {

const Asset kAssets[] = {
${rows.join("\n")}
};

}  // namespace

std::span<const Asset> assets() { return kAssets; }

}  // namespace roamdesk::console
`,
);
