import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { throttled } from "./throttle";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("the first call is at once, those in between are one, and the last one is never lost", () => {
  const work = vi.fn();
  const call = throttled(work, 500);
  call();
  expect(work).toHaveBeenCalledTimes(1);
  call();
  call();
  vi.advanceTimersByTime(499);
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledTimes(2);
  call();
  vi.advanceTimersByTime(500);
  expect(work).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(5_000);
  expect(work).toHaveBeenCalledTimes(3);
});
