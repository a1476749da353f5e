import assert from "node:assert/strict";
import { after, test } from "node:test";

import { accessible } from "./support/axe.mjs";
import { closeBrowser, requestsOf, seen, SERVER } from "./support/browser.mjs";

after(closeBrowser);

test("the server, its database, what is kept and its loops are shown, by at most 8 requests", () =>
    seen(async (page) => {
        const asked = await requestsOf(page, async () => {
            await page.goto(`${SERVER}/settings`);
            await page.getByRole("cell", { name: "flow_runs", exact: true }).waitFor();
        });
        assert.ok(asked.length <= 8, asked.join("\n"));
        await page.getByText(/^Penstock \d+\.\d+/).waitFor();
        await page.getByText("SQLite").waitFor();
        await page.getByText("90 days").first().waitFor();
        await page.getByRole("cell", { name: "schedule", exact: true }).waitFor();
        await page.getByText(`PENSTOCK_API_URL=${SERVER}`).first().waitFor();
    }));

test("theme, times and zone are chosen, and last", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/settings`);
        await page.getByRole("button", { name: "Dark", exact: true }).click();
        await page.getByRole("button", { name: "Absolute", exact: true }).click();
        await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
        await page.reload();
        await page.getByText(/^Penstock \d+\.\d+/).waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
        assert.equal(await page.getByLabel("Time zone").inputValue(), "Asia/Tokyo");
        assert.match(await page.locator("time").first().getAttribute("title"), /GMT\+9/);
    }));

for (const [name, options] of [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["at 390 px", { viewport: { width: 390, height: 844 } }],
]) {
    test(`axe finds nothing serious on the settings, and nothing is cut off, ${name}`, () =>
        seen(async (page) => {
            await page.goto(`${SERVER}/settings`);
            await page.getByRole("cell", { name: "flow_runs", exact: true }).waitFor();
            await accessible(page);
            const overflow = await page.evaluate(
                () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            assert.equal(overflow, 0);
        }, options));
}
