// @vitest-environment jsdom
import { fireEvent, render } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { useShortcuts } from "./shortcuts";

function Page(props: { keys: Record<string, () => void> }) {
  useShortcuts(props.keys);
  return <input aria-label="text" />;
}

test("a key, a key with Ctrl or Cmd, and two in a row do something; while typing only the second kind does", () => {
  const keys = { "?": vi.fn(), "mod+k": vi.fn(), "g r": vi.fn() };
  const { getByLabelText } = render(<Page keys={keys} />);
  fireEvent.keyDown(document.body, { key: "?" });
  expect(keys["?"]).toHaveBeenCalledTimes(1);
  fireEvent.keyDown(document.body, { key: "r" });
  expect(keys["g r"]).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: "g" });
  fireEvent.keyDown(document.body, { key: "r" });
  expect(keys["g r"]).toHaveBeenCalledTimes(1);
  const field = getByLabelText("text");
  fireEvent.keyDown(field, { key: "?" });
  fireEvent.keyDown(field, { key: "k", metaKey: true });
  expect(keys["?"]).toHaveBeenCalledTimes(1);
  expect(keys["mod+k"]).toHaveBeenCalledTimes(1);
});
