import assert from "node:assert/strict";
import { after, test } from "node:test";

import { accessible } from "./support/axe.mjs";
import { closeBrowser, live, makeRuns, requestsOf, seen, SERVER } from "./support/browser.mjs";

after(closeBrowser);

test("Home shows what failed and runs over time, by at most 8 requests", () =>
    seen(async (page) => {
        const asked = await requestsOf(page, async () => {
            await page.goto(`${SERVER}/`);
            await page.getByText("Nothing runs right now.").waitFor();
            await page.getByRole("link", { name: "etl" }).first().waitFor();
            await live(page);
            await page.waitForLoadState("load");
        });
        assert.ok(asked.length <= 8, asked.join("\n"));
        assert.equal(await page.title(), "Home · Penstock");
        await page.getByRole("button", { name: /^Failed/ }).waitFor();
    }));

test("a run that ends is seen within a second, without a reload", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/`);
        await live(page);
        const completed = page.getByRole("button", { name: /^Completed/ });
        await completed.waitFor();
        const before = Number((await completed.innerText()).replace(/\D/g, ""));
        await makeRuns("one");
        await page.waitForFunction(
            (count) =>
                [...document.querySelectorAll("button")].some(
                    (button) => button.innerText.replace(/\s/g, "") === `Completed${count}`,
                ),
            before + 1,
        );
    }));

test("two tabs share one stream of events, and the second goes on when the first is closed", () =>
    seen(async (page) => {
        const streams = [];
        page.context().on("request", (request) => {
            if (request.url().endsWith("/events/stream")) streams.push(request.url());
        });
        await page.goto(`${SERVER}/`);
        await live(page);
        const second = await page.context().newPage();
        await second.goto(`${SERVER}/runs`);
        await live(second);
        assert.equal(streams.length, 1);
        const again = page
            .context()
            .waitForEvent("request", (request) => request.url().endsWith("/events/stream"));
        await page.goto("about:blank");
        await again;
        await live(second);
        await second.close();
    }));

test("a bar of the chart leads to its runs", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/`);
        await page
            .getByRole("button", { name: /completed.* flow runs$/ })
            .last()
            .click();
        await page.waitForURL(/\/runs\?from=/);
        await page.getByRole("table", { name: "Flow runs" }).waitFor();
    }));

for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing serious on Home, ${colorScheme}`, () =>
        seen(
            async (page) => {
                await page.goto(`${SERVER}/`);
                await page.getByRole("link", { name: "etl" }).first().waitFor();
                await page.getByRole("button", { name: "Tag" }).waitFor();
                await accessible(page);
            },
            { colorScheme },
        ));
}
