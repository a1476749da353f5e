import { expect, test } from "vitest";

import { errorOf } from "./errors";

test("a problem keeps the server's words and the request's id", async () => {
  const problem = { title: "Not found", detail: "There is no such run.", type: "urn:penstock:not-found" };
  const answer = new Response(JSON.stringify(problem), { status: 404, headers: { "x-request-id": "abc" } });
  const error = await errorOf(answer);
  expect([error.title, error.message, error.status, error.requestId]).toEqual([
    "Not found",
    "There is no such run.",
    404,
    "abc",
  ]);
  expect(error.isPassing).toBe(false);
});

test("a proxy's own page is said plainly", async () => {
  const error = await errorOf(
    new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }),
  );
  expect([error.title, error.message, error.requestId]).toEqual([
    "Bad Gateway",
    "The server answered with 502.",
    null,
  ]);
  expect(error.isPassing).toBe(true);
});
