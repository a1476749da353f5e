// Builds the bundle into the Python package, holds its first load to a size, and writes down what it was made of.
// With --check it builds elsewhere, and says whether the committed bundle is the same.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "vite";

import { sourceHash } from "./sources.mjs";

const MOST_BYTES_AT_FIRST = 180 * 1000;
const COMMITTED = fileURLToPath(new URL("../../src/penstock/server/http/dashboard/dist", import.meta.url));

const isCheck = process.argv.includes("--check");
const dist = isCheck ? mkdtempSync(join(tmpdir(), "penstock-ui-")) : COMMITTED;
const { output } = await build({
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "warn",
    build: { outDir: dist, emptyOutDir: true },
});
writeFileSync(join(dist, "source-hash.txt"), `${sourceHash()}\n`);

// The first load: the entry with the first page, what they import statically, and their styles. Other pages come when they
// are looked at.
const chunks = new Map(output.map((one) => [one.fileName, one]));
const first = new Set();
function gather(name) {
    const chunk = chunks.get(name);
    if (first.has(name) || chunk === undefined) return;
    first.add(name);
    chunk.imports?.forEach(gather);
    chunk.viteMetadata?.importedCss.forEach((css) => first.add(css));
}
output
    .filter(
        (one) => one.type === "chunk" && (one.isEntry || one.facadeModuleId?.endsWith("/routes/home.tsx")),
    )
    .forEach((one) => gather(one.fileName));

const packed = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
const bytes = [...first].reduce((sum, name) => sum + packed(name), 0);
console.log(`First load: ${(bytes / 1000).toFixed(1)} kB packed, of ${MOST_BYTES_AT_FIRST / 1000} at most.`);
if (bytes > MOST_BYTES_AT_FIRST) {
    console.error("The first load is too large: load what not every page needs with its page.");
    process.exitCode = 1;
}

if (isCheck) {
    const different = differences(dist, COMMITTED);
    rmSync(dist, { recursive: true });
    if (different.length > 0) {
        console.error(
            `The committed bundle is not what the sources build: ${different.slice(0, 5).join(", ")}. Run scripts/ui-build.`,
        );
        process.exitCode = 1;
    }
}

/** Returns the files that are not the same in two folders. */
function differences(one, other) {
    const filesOf = (folder) =>
        readdirSync(folder, { withFileTypes: true, recursive: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
    const [own, others] = [new Set(filesOf(one)), new Set(filesOf(other))];
    const all = new Set([...own, ...others]);
    return [...all].filter(
        (name) =>
            !own.has(name) ||
            !others.has(name) ||
            !readFileSync(join(one, name)).equals(readFileSync(join(other, name))),
    );
}
