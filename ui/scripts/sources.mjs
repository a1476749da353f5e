// The hash of what the bundle is made of. tests/architecture/test_dashboard.py computes the same without Node.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const parts = ["index.html", "package.json", "package-lock.json", "vite.config.ts", "scripts/build.mjs"];

function filesOf(folder) {
    return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
            relative(root, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"),
        );
}

export function sourceHash() {
    const files = [...parts, ...filesOf("src"), ...filesOf("public")];
    // Neither tests nor types that are made from the API's document get into the bundle.
    const bundled = files.filter(
        (name) => !/\.(test\.tsx?|d\.ts)$/.test(name) && !name.startsWith("src/test/"),
    );
    const hash = createHash("sha256");
    for (const name of bundled.sort()) {
        const content = createHash("sha256")
            .update(readFileSync(join(root, name)))
            .digest("hex");
        hash.update(`${name} ${content}\n`);
    }
    return hash.digest("hex");
}
