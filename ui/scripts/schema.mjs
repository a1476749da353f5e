// Writes src/api/schema.d.ts from the OpenAPI document on standard input; scripts/ui-schema gives it the server's.
// With --check it only says whether they are the same.
import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";

import openapiTS, { astToString } from "openapi-typescript";

const document = await text(process.stdin);
// What has a default may be left out, in a request as in an answer; an object of which nothing is said may hold anything.
const types = await openapiTS(document, { defaultNonNullable: false, emptyObjectsUnknown: true });
const written = `// Made by scripts/ui-schema from the server's OpenAPI document.\n${astToString(types)}`;
const path = new URL("../src/api/schema.d.ts", import.meta.url);
if (!process.argv.includes("--check")) writeFileSync(path, written);
else if (readFileSync(path, "utf8") !== written) {
    console.error("The dashboard's types are not those of the API. Run scripts/ui-schema.");
    process.exitCode = 1;
}
