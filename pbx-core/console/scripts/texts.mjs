// Keeps texts out of the code, and the two languages alike:
//  - no literal text between tags, and none in attributes that people see or hear;
//  - en.json and de.json have the same keys with the same {places}, and no key is unused.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const faults = [];
const seen = new Set([
  "title",
  "label",
  "placeholder",
  "alt",
  "aria-label",
  "aria-description",
  "hint",
  "text",
  "heading",
]);
const isText = (s) => /\p{L}{2,}/u.test(s);

function files(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

const code = files("src").filter((f) => /\.tsx?$/.test(f) && !f.endsWith("schema.ts"));
let all = "";
for (const file of code) {
  const text = readFileSync(join(root, file), "utf8");
  if (!file.includes(".test.")) all += text;
  if (!file.endsWith(".tsx")) continue;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
  const fault = (node, what) => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
    faults.push(
      `${relative(root, join(root, file))}:${line + 1}:${character + 1}: ${what}; texts belong into src/i18n`,
    );
  };
  const visit = (node) => {
    if (ts.isJsxText(node) && isText(node.text)) fault(node, `text "${node.text.trim()}"`);
    if (ts.isJsxAttribute(node) && seen.has(node.name.getText())) {
      const value = node.initializer;
      const literal =
        value &&
        (ts.isStringLiteral(value)
          ? value
          : ts.isJsxExpression(value) && value.expression && ts.isStringLiteralLike(value.expression)
            ? value.expression
            : null);
      if (literal && isText(literal.text)) fault(node, `attribute ${node.name.getText()}="${literal.text}"`);
    }
    if (
      ts.isJsxExpression(node) &&
      node.expression &&
      ts.isStringLiteralLike(node.expression) &&
      ts.isJsxElement(node.parent) &&
      isText(node.expression.text)
    )
      fault(node, `text "${node.expression.text}"`);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

const read = (name) => JSON.parse(readFileSync(join(root, "src/i18n", name), "utf8"));
const en = read("en.json");
const de = read("de.json");
const places = (s) =>
  [...s.matchAll(/\{(\w+)\}|<(\w+)>/g)]
    .map((m) => m[0])
    .sort()
    .join(" ");
for (const key of Object.keys(en)) {
  if (!(key in de)) faults.push(`de.json: ${key} is missing`);
  else if (places(en[key]) !== places(de[key]))
    faults.push(`de.json: ${key} has other places than en.json's "${places(en[key])}"`);
}
for (const key of Object.keys(de)) if (!(key in en)) faults.push(`de.json: ${key} isn't in en.json`);

// A key is used where it stands in quotes, or where a template begins with what it begins with: `state.${…}`.
const stems = [...all.matchAll(/`([a-z_.]+\.)\$\{/g)]
  .map((m) => m[1])
  .concat([...all.matchAll(/tcode\("([a-z_.]+)"/g)].map((m) => `${m[1]}.`));
for (const key of Object.keys(en)) {
  const plain = key.replace(/_(one|other)$/, "");
  if (!all.includes(`"${plain}"`) && !all.includes(`"${key}"`) && !stems.some((stem) => key.startsWith(stem)))
    faults.push(`en.json: nothing uses ${key}`);
}

if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
