import type { FilterField, FilterOption } from "@/components/filter-pill";
import { labelOf, labelOfType, STATE_TYPES } from "@/lib/states";

const NAMES = [
  "Late",
  "AwaitingRetry",
  "AwaitingConcurrencySlot",
  "Retrying",
  "Cached",
  "TimedOut",
  "Suspended",
];

const OPTIONS: FilterOption[] = [
  ...STATE_TYPES.map((value) => ({ value, label: labelOfType(value) })),
  ...NAMES.map((value) => ({ value, label: labelOf(value) })),
];
const LABELS = Object.fromEntries(OPTIONS.map(({ value, label }) => [value, label]));

/** The condition on a run's state: by type, or by a name that says more. Names of users' own may be typed. */
export const STATE_FIELD: FilterField = {
  key: "state",
  label: "State",
  isFree: true,
  useOptions: (text) => OPTIONS.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase())),
  useLabels: () => LABELS,
};

/** The condition on a run's tags: one of those that are typed. */
export const TAG_FIELD: FilterField = { key: "tag", label: "Tag", isFree: true, useOptions: () => [] };
