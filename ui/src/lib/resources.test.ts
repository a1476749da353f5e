import { expect, test } from "vitest";

import { resourceOf } from "./resources";

test("a resource of Penstock's has a kind and a key, another has its id", () => {
  expect(
    resourceOf({
      "penstock.resource.id": "penstock.flow-run.01-02",
      "penstock.resource.name": "brave-otter",
    }),
  ).toMatchObject({ kind: "flow-run", key: "01-02", name: "brave-otter" });
  expect(
    resourceOf({ "penstock.resource.id": "penstock.tag.a.b", "penstock.resource.role": "tag" }),
  ).toMatchObject({
    kind: "tag",
    key: "a.b",
    name: "a.b",
    role: "tag",
  });
  expect(resourceOf({ "penstock.resource.id": "order.1" })).toMatchObject({
    kind: undefined,
    key: "order.1",
  });
  expect(
    resourceOf({ "penstock.resource.id": "penstock.deployment.01a22d5e-3032-71c0-8484-2a959d03df10" }),
  ).toMatchObject({ key: "01a22d5e-3032-71c0-8484-2a959d03df10", name: "9d03df10" });
  expect(resourceOf({})).toMatchObject({ id: "", name: "" });
});
