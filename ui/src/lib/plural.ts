const NUMBER = new Intl.NumberFormat("en");

/** Says a number: `2,000`, `10,000+` where the count stopped there. */
export function numberOf(count: number, isCapped = false): string {
  return `${NUMBER.format(count)}${isCapped ? "+" : ""}`;
}

/** Says how many there are: `1 run`, `2,000 runs`, `10,000+ runs`. */
export function countOf(count: number, noun: string, isCapped = false): string {
  return `${numberOf(count, isCapped)} ${count === 1 && !isCapped ? noun : `${noun}s`}`;
}
