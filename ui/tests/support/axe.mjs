import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Holds that axe finds nothing serious on a page. */
export async function accessible(page) {
    // Evaluated by the debugger, which the page's policy does not forbid.
    await page.evaluate(source);
    const { violations } = await page.evaluate(() => window.axe.run());
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = serious.map(
        ({ id, nodes }) =>
            `${id}: ${nodes
                .slice(0, 3)
                .map(({ html }) => html)
                .join(" | ")}`,
    );
    assert.deepEqual(told, []);
}
