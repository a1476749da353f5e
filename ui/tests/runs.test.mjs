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

test("the list shows runs, by at most 8 requests; scripts in names and tags are text", () =>
    seen(async (page) => {
        const asked = await requestsOf(page, async () => {
            await page.goto(`${SERVER}/runs`);
            await rows(page).first().waitFor();
        });
        assert.ok(asked.length <= 8, asked.join("\n"));
        const planted = page.getByRole("link", { name: /^planted.*<img src=x onerror=.*<script>/ });
        await planted.waitFor();
        await planted.click();
        await page.getByText("RuntimeError").first().waitFor();
        assert.match(await page.getByRole("main").innerText(), /<script>window.planted=true<\/script>/);
        await page.getByRole("tab", { name: "Parameters" }).click();
        await page.getByText("<img src=x", { exact: false }).first().waitFor();
    }));

test("conditions stand in the address, are turned round, and come back with it", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/runs`);
        await rows(page).first().waitFor();
        await page.getByRole("button", { name: "State", exact: true }).click();
        await page.getByText("Failed", { exact: true }).last().click();
        await page.waitForURL(/state=FAILED/);
        await page
            .getByText("Completed")
            .first()
            .waitFor({ state: "detached" })
            .catch(() => undefined);
        await page.getByRole("button", { name: "is not", exact: true }).click();
        await page.waitForURL(/not=state/);
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: /State\s*is not\s*Failed/ }).waitFor();
        await rows(page).filter({ hasText: "Completed" }).first().waitFor();
        assert.equal(await rows(page).filter({ hasText: "Failed" }).count(), 0);
        await page.reload();
        await page.getByRole("button", { name: /State\s*is not\s*Failed/ }).waitFor();
        await rows(page).first().waitFor();
        assert.equal(await rows(page).filter({ hasText: "Failed" }).count(), 0);
        await page.getByRole("button", { name: "Clear all" }).click();
        await rows(page).filter({ hasText: "Failed" }).first().waitFor();
        assert.doesNotMatch(page.url(), /state|not/);
    }));

test("an address that makes no sense breaks nothing", () =>
    seen(async (page) => {
        await page.goto(
            `${SERVER}/runs?sort=sideways&window=1y&from=yesterday&state=${"x".repeat(600)}&unknown=1`,
        );
        await rows(page).first().waitFor();
    }));

test("the text is looked for once it stands still", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/runs`);
        await rows(page).first().waitFor();
        await page.keyboard.press("/");
        await page.keyboard.type("planted");
        await page.waitForURL(/name=planted/);
        await page.waitForFunction(() => document.querySelectorAll("[data-row-target]").length === 1);
        await page.keyboard.type(" nothing");
        await page.getByText("No run matches").waitFor();
    }));

test("the keyboard moves along the rows, selects and opens them", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/runs`);
        await rows(page).first().waitFor();
        await page.locator("[data-row-target]").first().focus();
        await page.keyboard.press("j");
        await page.keyboard.press("x");
        await page.getByRole("region", { name: "Selected runs" }).getByText("1 run selected").waitFor();
        const name = await page.evaluate(() => document.activeElement.textContent);
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
        assert.ok(name.length > 0);
    }));

test("runs are deleted after they were counted and that was confirmed; the list follows", () =>
    seen(async (page) => {
        await makeRuns("one");
        await page.goto(`${SERVER}/runs?flow=etl`);
        await rows(page).first().waitFor();
        const newest = await page.locator("[data-row-target]").first().getAttribute("href");
        await rows(page).first().getByRole("checkbox").click();
        const bar = page.getByRole("region", { name: "Selected runs" });
        await bar.getByRole("button", { name: "Cancel" }).click();
        await page.getByText("there is nothing to cancel").waitFor();
        await page.getByRole("button", { name: "Leave them" }).click();
        await bar.getByRole("button", { name: "Delete" }).click();
        await page.getByRole("button", { name: "Delete 1 run" }).click();
        await page.getByText("1 run deleted").waitFor();
        await page.locator(`[href="${newest}"]`).waitFor({ state: "detached" });
    }));

test("task runs are listed and filtered", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/runs`);
        await page.getByRole("link", { name: "Task runs" }).click();
        await page.waitForURL(/\/task-runs$/);
        await rows(page).filter({ hasText: "load" }).first().waitFor();
        await page.goto(`${SERVER}/task-runs?task=load&state=FAILED`);
        await rows(page).first().waitFor();
        assert.equal(await rows(page).filter({ hasText: "extract" }).count(), 0);
    }));

for (const [name, options] of [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["at 390 px", { viewport: { width: 390, height: 844 } }],
]) {
    test(`axe finds nothing serious on the list, and nothing is cut off, ${name}`, () =>
        seen(async (page) => {
            await page.goto(`${SERVER}/runs`);
            await rows(page).first().waitFor();
            await accessible(page);
            const overflow = await page.evaluate(
                () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            assert.equal(overflow, 0);
        }, options));
}
