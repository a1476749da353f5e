// @vitest-environment jsdom
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";

import { readExact, type JsonObject } from "@/lib/exact-json";

import { Fields } from "./fields";
import { schemaProblems } from "./validator";

const SCHEMA: JsonObject = {
  type: "object",
  title: "Parameters",
  required: ["name", "order"],
  properties: {
    name: { type: "string", title: "name", default: "world" },
    order: { type: "integer", title: "order" },
    region: { enum: ["eu", "us"], title: "region", type: "string" },
    note: { anyOf: [{ type: "string" }, { type: "null" }], default: null, title: "note" },
    tags: { type: "array", items: { type: "string" }, title: "tags", default: [] },
    place: { $ref: "#/$defs/Place" },
  },
  $defs: { Place: { type: "object", title: "Place", properties: { x: { type: "number", title: "x" } } } },
};

function Shown({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [now, setNow] = useState(text);
  const tell = (changed: string) => {
    setNow(changed);
    onText(changed);
  };
  return <Fields schema={SCHEMA} value={readExact(now) as JsonObject} onText={tell} isDisabled={false} />;
}

async function typed(text: string, act: () => Promise<void>): Promise<string> {
  let last = text;
  render(<Shown text={text} onText={(changed) => (last = changed)} />);
  await act();
  return JSON.stringify(JSON.parse(last)) === undefined ? last : last.replace(/\s+/g, "");
}

test("a field that is changed changes nothing else: digits and names that the form does not know stay", async () => {
  const text = '{"name":"a","order":12345678901234567890,"more":{"ratio":1.0,"__proto__":2}}';
  const changed = await typed(text, async () => {
    await userEvent.type(screen.getByRole("textbox", { name: "name" }), "b");
  });
  expect(changed).toContain('"name":"ab"');
  expect(changed).toContain('"order":12345678901234567890');
  expect(changed).toContain('"more":{"ratio":1.0,"__proto__":2}');
});

test("a number is shown and kept with the digits that are typed", async () => {
  const changed = await typed('{"order":12345678901234567890}', async () => {
    const field = screen.getByRole("textbox", { name: "order" });
    expect(field).toHaveProperty("value", "12345678901234567890");
    await userEvent.type(field, "1");
  });
  expect(changed).toContain('"order":123456789012345678901');
});

test("one of several choices, a list and a part", async () => {
  const changed = await typed('{"name":"a","order":1}', async () => {
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "region" }), "us");
    await userEvent.click(screen.getByRole("button", { name: "Add one" }));
    await userEvent.type(screen.getByRole("textbox", { name: "x" }), "2.50");
  });
  expect(changed).toContain('"region":"us"');
  expect(changed).toContain('"place":{"x":2.50}');
});

test("the validator names what is wrong and where, with exact numbers as numbers", () => {
  expect(schemaProblems(SCHEMA, readExact('{"name":1,"order":12345678901234567890}'))).toEqual([
    { path: ["name"], message: "This is of type number, not string." },
  ]);
  expect(schemaProblems(SCHEMA, { name: "a" })).toEqual([{ path: ["order"], message: "A value is needed." }]);
  expect(schemaProblems(SCHEMA, { name: "a", order: 1, note: 3 })).toEqual([
    { path: ["note"], message: "This fits none of the choices." },
  ]);
  expect(schemaProblems({ pattern: "(" }, "x")).toEqual([]);
});
