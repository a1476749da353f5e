import { expect, test } from "vitest";

import { deploymentFilter } from "./deployment-filter";

test("an address without conditions means all deployments", () => {
  expect(deploymentFilter({ tag: [], not: ["tag"] })).toEqual({});
});

test("one of several tags is enough, and each condition may be turned round", () => {
  expect(deploymentFilter({ tag: ["a", "b"], pool: ["p"], not: ["pool"], name: "etl" })).toEqual({
    all: [{ any: [{ tags_all: ["a"] }, { tags_all: ["b"] }] }, { not: { work_pool_names: ["p"] } }],
    text: "etl",
  });
});

test("both statuses, and words that are none, say nothing", () => {
  expect(deploymentFilter({ status: ["paused"] })).toEqual({ all: [{ paused: true }] });
  expect(deploymentFilter({ status: ["active", "paused"] })).toEqual({});
  expect(deploymentFilter({ status: ["x"] })).toEqual({});
});
