// Generates the API client's types from the core's OpenAPI document, so that the two can't drift: whatever changes in
// the document either still compiles here or stops the build.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

// Beside us in CMake's copy of this folder; in the source tree it is the API's.
const places = ["../openapi.json", "../../api/openapi.json"].map((p) => new URL(p, import.meta.url));
const document = places.find((p) => existsSync(p));
if (!document) throw new Error(`no openapi.json at ${places.map((p) => p.pathname).join(" or ")}`);
const target = fileURLToPath(new URL("../src/api/schema.ts", import.meta.url));
const text = astToString(await openapiTS(JSON.parse(readFileSync(document, "utf8")), { defaultNonNullable: false }));
if (!existsSync(target) || readFileSync(target, "utf8") !== text) writeFileSync(target, text);
