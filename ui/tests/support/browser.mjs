// A real browser, on a real server: what is opened here must show no error, of the page or of any request.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

/** The server's root, without a key, with runs that programs/some_runs.py made. */
export const SERVER = process.env.PENSTOCK_UI_SERVER;
/** One with a key, which believes that a proxy shows it under `/penstock`. */
export const GUARDED = process.env.PENSTOCK_UI_GUARDED;
export const KEY = process.env.PENSTOCK_UI_KEY;

const run = promisify(execFile);

/** Runs the program that makes runs, as a user would. */
export async function makeRuns(...args) {
    const env = { ...process.env, PENSTOCK_API_URL: `${SERVER}/api` };
    await run(process.env.PENSTOCK_UI_PYTHON, [process.env.PENSTOCK_UI_PROGRAM, ...args], { env });
}

let browser;

export async function openBrowser() {
    browser ??= await chromium.launch({
        executablePath: process.env.PENSTOCK_UI_CHROMIUM,
        args: ["--no-sandbox"], // in CI and in containers all is done as root
    });
    return browser;
}

export async function closeBrowser() {
    await browser?.close();
    browser = undefined;
}

/**
 * Has `look` see a page, and then holds that nothing went wrong in it.
 *
 * @param options of the browser's context: its size, its colours; `isAllowed` says which answers that are no success are meant.
 */
export async function seen(look, { isAllowed = () => false, ...options } = {}) {
    const context = await (
        await openBrowser()
    ).newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const faults = [];
    page.on("console", (message) => {
        // The browser's own line about an answer; the answer itself is looked at below.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
            faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("dialog", (dialog) => faults.push(`dialog: ${dialog.message()}`));
    page.on("requestfailed", (request) => {
        // What a page had asked for when it was left: its stream, and lists that are no longer wanted.
        if (request.failure()?.errorText !== "net::ERR_ABORTED")
            faults.push(`${request.url()} ${request.failure()?.errorText}`);
    });
    page.on("response", (answer) => {
        if (answer.status() >= 400 && !isAllowed(answer)) faults.push(`${answer.status()} ${answer.url()}`);
    });
    try {
        await look(page);
        assert.deepEqual(faults, []);
        assert.equal(await page.evaluate(() => window.planted), undefined, "a planted script ran");
    } finally {
        await context.close();
    }
}

/** Returns the requests of the API that a page makes until nothing more comes. */
export async function requestsOf(page, act) {
    const asked = [];
    const count = (request) => {
        if (new URL(request.url()).pathname.includes("/api/")) asked.push(new URL(request.url()).pathname);
    };
    page.on("request", count);
    await act();
    page.off("request", count);
    return asked;
}

/** Waits until the page says that events come in. */
export function live(page) {
    return page.getByText("Live", { exact: true }).filter({ visible: true }).first().waitFor();
}

/** Presses keys one after the other, again where a slow machine let too much time pass between them, until `there` holds. */
export async function pressed(page, keys, there) {
    let tries = 7;
    for (;;) {
        for (const key of keys) await page.keyboard.press(key);
        try {
            return await there({ timeout: 2_000 });
        } catch (error) {
            tries -= 1;
            if (tries === 0) throw error;
        }
    }
}
