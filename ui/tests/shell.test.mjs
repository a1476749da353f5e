import assert from "node:assert/strict";
import { after, test } from "node:test";

import { closeBrowser, live, pressed, seen, SERVER } from "./support/browser.mjs";

after(closeBrowser);

test("the palette finds pages and runs by a few letters", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/`);
        await page.getByRole("heading", { name: "Home" }).waitFor();
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: /Search/ }).fill("planted");
        await page.getByRole("option", { name: /planted.*<img/ }).waitFor();
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
    }));

test("g and a letter go to a page, ? shows the keys", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/`);
        await page.getByRole("heading", { name: "Home" }).waitFor();
        await pressed(page, ["g", "r"], (options) => page.waitForURL(/\/runs$/, options));
        await page.keyboard.press("?");
        await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    }));

test("a theme that was chosen is there before the first paint, and stays", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/`);
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
        await page.getByRole("button", { name: "Display" }).click();
        await page.getByRole("menuitemradio", { name: "Dark" }).click();
        await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
        // Looked at when the body is first there: the application has not begun then.
        await page.addInitScript(() => {
            new MutationObserver((_, observer) => {
                if (document.body === null) return;
                window.themeAtFirst = document.documentElement.dataset.theme;
                observer.disconnect();
            }).observe(document, { childList: true, subtree: true });
        });
        await page.reload();
        assert.equal(await page.evaluate(() => window.themeAtFirst), "dark");
    }));

test("an address at which nothing is says so, within the dashboard", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/no/such/page`);
        await page.getByText("No page is here").waitFor();
    }));

test("a run that is not there says so with the request's id", () =>
    seen(
        async (page) => {
            await page.goto(`${SERVER}/runs/0199f3c2-6d98-763d-81e9-b863737f6580`);
            const alert = page.getByRole("alert");
            await alert.waitFor();
            assert.match(await alert.innerText(), /Request\s+[0-9a-f]{32}/);
        },
        { isAllowed: (answer) => answer.status() === 404 },
    ));

test("the first key stroke may skip to the page", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/`);
        await page.getByRole("heading", { name: "Home" }).waitFor();
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    }));

test("at 390 px the menu opens, leads to a page, and closes", () =>
    seen(
        async (page) => {
            await page.goto(`${SERVER}/`);
            await page.getByRole("button", { name: "Open the menu" }).click();
            await page.getByRole("link", { name: "Runs", exact: true }).click();
            await page.waitForURL(/\/runs$/);
            await page.getByRole("button", { name: "Open the menu" }).waitFor();
        },
        { viewport: { width: 390, height: 844 } },
    ));

test("while the network is away the page says so, and takes up again by itself", () =>
    seen(async (page) => {
        await page.goto(`${SERVER}/`);
        await live(page);
        await page.context().setOffline(true);
        await page.getByText("This machine is offline").waitFor();
        await page.context().setOffline(false);
        await page.getByText("This machine is offline").waitFor({ state: "detached" });
        await live(page);
    }));
