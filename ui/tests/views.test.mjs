import assert from "node:assert/strict";
import { after, test } from "node:test";

import { accessible } from "./support/axe.mjs";
import { closeBrowser, seen, SERVER } from "./support/browser.mjs";

after(closeBrowser);

const rows = (page) =>
    page
        .getByRole("table")
        .getByRole("row")
        .filter({ has: page.locator("[data-row-target]") });
const choose = async (page, from, item) => {
    await page.getByRole("button", { name: from }).click();
    await page
        .getByRole("menuitem", { name: item })
        .or(page.getByRole("menuitemradio", { name: item }))
        .click();
};

test("a view is saved, shown by its address, changed, renamed and deleted; a script in its name is text", () =>
    seen(async (page) => {
        const name = '"><img src=x onerror="window.planted=true">';
        await page.goto(`${SERVER}/runs?state=FAILED`);
        await rows(page).first().waitFor();
        await choose(page, "Views", "Save as a new view…");
        await page.getByLabel("Name", { exact: true }).fill(name);
        await page.keyboard.press("Enter");
        await page.waitForURL(/view=/);
        await page.getByRole("button", { name: /onerror/ }).waitFor();
        const id = new URL(page.url()).searchParams.get("view");

        await page.goto(`${SERVER}/runs?view=${id}`);
        await page.waitForURL(/state=FAILED/);
        await page.getByRole("button", { name: /State\s*is\s*Failed/ }).waitFor();

        await page.getByRole("button", { name: "Any time" }).click();
        await page.getByRole("menuitemradio", { name: "Last 24 hours" }).click();
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: /onerror.*changed/ }).waitFor();
        await choose(page, /onerror/, "Save changes");
        await page.getByRole("button", { name: /onerror.*changed/ }).waitFor({ state: "detached" });
        await page.goto(`${SERVER}/runs?view=${id}`);
        await page.waitForURL(/window=24h/);

        await choose(page, /onerror/, "Rename…");
        await accessible(page);
        await page.getByLabel("Name", { exact: true }).fill("Bad nights");
        await page.getByRole("button", { name: "Rename", exact: true }).click();
        await page.getByRole("button", { name: "Bad nights" }).waitFor();

        await choose(page, "Bad nights", "Delete…");
        await page.getByRole("button", { name: "Delete", exact: true }).click();
        await page.getByText("“Bad nights” is deleted").waitFor();
        await page.waitForURL((url) => !url.searchParams.has("view"));
    }));

test("a name that is taken is refused, with what to do", () =>
    seen(
        async (page) => {
            await page.goto(`${SERVER}/runs?state=CRASHED`);
            for (const isTaken of [false, true]) {
                await page.getByRole("button", { name: isTaken ? "Crashes" : "Views" }).click();
                await page.getByRole("menuitem", { name: "Save as a new view…" }).click();
                await page.getByLabel("Name", { exact: true }).fill("Crashes");
                await page.keyboard.press("Enter");
                if (!isTaken) await page.getByRole("button", { name: "Crashes" }).waitFor();
            }
            await page
                .getByRole("alert")
                .getByText(/already/)
                .waitFor();
            await page.getByRole("button", { name: "Leave it" }).click();
            await choose(page, "Crashes", "Delete…");
            await page.getByRole("button", { name: "Delete", exact: true }).click();
            await page.getByText("“Crashes” is deleted").waitFor();
        },
        { isAllowed: (answer) => answer.status() === 409 && answer.url().endsWith("/api/views") },
    ));

test("runs are found by a parameter, and by its opposite", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/runs?flow=etl`);
        await rows(page).first().waitFor();
        const all = await rows(page).count();
        await page.getByRole("button", { name: "Parameter", exact: true }).click();
        await page.getByLabel("Parameter: type one, then Enter").fill("number=3");
        await page.keyboard.press("Enter");
        await page.waitForURL(/param=number/);
        await page.waitForFunction(() => document.querySelectorAll("[data-row-target]").length === 1);
        await page.getByRole("button", { name: "is not", exact: true }).click();
        await page.waitForFunction(
            (wanted) => document.querySelectorAll("[data-row-target]").length === wanted,
            all - 1,
        );
        assert.match(page.url(), /not=param/);
    }));
