import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible } from "./support/axe.mjs";
import { closeBrowser, GUARDED, KEY, live, seen } from "./support/browser.mjs";
import { proxied } from "./support/proxy.mjs";

let proxy;
before(async () => {
    proxy = await proxied(GUARDED, "/penstock");
});
after(async () => {
    await closeBrowser();
    await proxy.close();
});

const isSignedOut = (answer) => answer.status() === 401;

test("behind a key and under a path: signing in leads to where one meant to go, signing out ends it", () =>
    seen(
        async (page) => {
            await page.goto(`${proxy.url}/runs?name=x`);
            await page.waitForURL(/\/penstock\/login/);
            await accessible(page);
            await page.getByLabel("API key").fill("wrong-key-of-some-length");
            await page.getByRole("button", { name: "Sign in" }).click();
            await page.getByText("The API key is wrong.").waitFor();
            await page.getByLabel("API key").fill(KEY);
            await page.getByRole("button", { name: "Sign in" }).click();
            await page.waitForURL(`${proxy.url}/runs?name=x`);
            await page.getByText("No run matches").waitFor();
            await live(page);
            assert.equal(await page.evaluate(() => document.cookie), "");
            const [cookie] = await page.context().cookies(`${proxy.url}/api/version`);
            assert.deepEqual(
                [cookie.path, cookie.httpOnly, cookie.sameSite],
                ["/penstock/api", true, "Strict"],
            );

            await page.getByRole("link", { name: "Home", exact: true }).click();
            await page.waitForURL(`${proxy.url}/`);
            await page.getByText("Nothing runs right now.").waitFor();
            await page.reload();
            await page.getByText("Nothing runs right now.").waitFor();

            await page.getByRole("button", { name: "Display" }).click();
            await page.getByRole("menuitem", { name: "Sign out" }).click();
            await page.waitForURL(/\/penstock\/login/);
            await page.context().addCookies([cookie]);
            await page.goto(`${proxy.url}/`);
            await page.waitForURL(/\/penstock\/login/);
        },
        { isAllowed: isSignedOut },
    ));
