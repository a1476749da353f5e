// Writes src/api/schema.d.ts from the OpenAPI document on standard input; scripts/ui-schema gives it the server's.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";

import openapiTS, { astToString } from "openapi-typescript";

const document = await text(process.stdin);
// What has a default may be left out, in a request as in an answer.
const types = await openapiTS(document, { defaultNonNullable: false });
// A test compares the hash with that of the server's document.
const head = `// Made by scripts/ui-schema from the OpenAPI document ${createHash("sha256").update(document).digest("hex")}\n`;
writeFileSync(new URL("../src/api/schema.d.ts", import.meta.url), head + astToString(types));
