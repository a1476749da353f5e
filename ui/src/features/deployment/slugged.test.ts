import { expect, test } from "vitest";

import type { DeploymentSchedule } from "@/api/types";
import type { JsonObject } from "@/lib/exact-json";

import { slugged } from "./slugged";

const known = (slug: string) => ({ slug, spec: {} }) as unknown as DeploymentSchedule;

test("schedules are matched by slug, whatever their order, and keep what was written", () => {
  const specs = [
    { slug: "a", schedule: { type: "cron", cron: "1" } },
    { slug: "b", parameters: { n: "\uE0001.0" } },
  ] as JsonObject[];
  expect(slugged(specs, [known("b"), known("a")])).toEqual([specs[1], specs[0]]);
});

test("one that was given no slug has the one that the server made", () => {
  expect(slugged([{ schedule: 1 }], [known("made")])).toEqual([{ schedule: 1, slug: "made" }]);
});
