function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="penstock-${name}"]`)?.content ?? "";
}

/** The path the server is shown under, without a slash at the end: "" or such as "/penstock". */
export const basePath = meta("base")
  .replace(/^\.?\/?$/, "")
  .replace(/\/$/, "");

/** Whether people sign in with a key here. */
export const wantsKey = meta("sign-in") === "key";
