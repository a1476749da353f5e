/** Returns a function that does its work at once, and after further calls once more when `milliseconds` have passed. */
export function throttled(work: () => void, milliseconds: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (!wanted) return;
      wanted = false;
      work();
      rest();
    }, milliseconds);
  };
  return () => {
    if (timer !== undefined) {
      wanted = true;
      return;
    }
    work();
    rest();
  };
}
