import assert from "node:assert/strict";
import { after, test } from "node:test";

import { accessible } from "./support/axe.mjs";
import { closeBrowser, makeRuns, requestsOf, seen, SERVER } from "./support/browser.mjs";

after(closeBrowser);

const rows = (page) =>
    page
        .getByRole("table")
        .getByRole("row")
        .filter({ has: page.locator("[data-row-target]") });

test("events are listed newest first, by at most 8 requests; scripts in names are text", () =>
    seen(async (page) => {
        const asked = await requestsOf(page, async () => {
            await page.goto(`${SERVER}/events`);
            await rows(page).first().waitFor();
        });
        assert.ok(asked.length <= 8, asked.join("\n"));
        await rows(page).filter({ hasText: "<script>" }).first().waitFor();
    }));

test("what happens appears by itself; while the feed is paused it waits and is counted", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/events?event=penstock.flow-run.*`);
        await rows(page).first().waitFor();
        await page.getByText("Live", { exact: true }).last().waitFor();
        const newest = () => page.locator("[data-row-target]").first().innerText();
        const total = await rows(page).count();
        await page.getByRole("button", { name: "Pause" }).click();
        await makeRuns("one");
        const waiting = page.getByRole("button", { name: /\d+ new events?/ });
        await waiting.waitFor();
        await waiting.click();
        await waiting.waitFor({ state: "detached" });
        await page.getByRole("button", { name: "Pause" }).waitFor();
        assert.match(await newest(), /Completed/);
        assert.ok((await rows(page).count()) >= total);
    }));

test("conditions stand in the address; an event opens with its payload, and leads to its run", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/events`);
        await rows(page).first().waitFor();
        await page.getByRole("button", { name: "Event", exact: true }).click();
        await page.getByText("penstock.flow-run.Failed", { exact: true }).last().click();
        await page.waitForURL(/event=penstock\.flow-run\.Failed/);
        await page.keyboard.press("Escape");
        await rows(page).first().locator("[data-row-target]").click();
        await page.waitForURL(/id=/);
        const payload = page.getByRole("region", { name: "Payload" });
        await payload.waitFor();
        assert.equal(JSON.parse(await payload.innerText()).validated_state.type, "FAILED");
        await page.reload();
        await payload.waitFor();
        await page.getByRole("dialog").getByRole("link").first().click();
        await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    }));

test("events of task runs are asked for by themselves", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/events?event=penstock.task-run.*`);
        await rows(page).filter({ hasText: "penstock.task-run." }).first().waitFor();
    }));

for (const [name, options] of [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["at 390 px", { viewport: { width: 390, height: 844 } }],
]) {
    test(`axe finds nothing serious on the events, and nothing is cut off, ${name}`, () =>
        seen(async (page) => {
            await page.goto(`${SERVER}/events`);
            await rows(page).first().waitFor();
            await accessible(page);
            const overflow = await page.evaluate(
                () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            assert.equal(overflow, 0);
            await page.locator("[data-row-target]").first().focus();
            await page.keyboard.press("Enter");
            await page.getByRole("region", { name: "Payload" }).waitFor();
            await accessible(page);
        }, options));
}
