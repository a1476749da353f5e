/** Whether a text names a parameter and its value: `name=value`. */
export function isParameter(text: string): boolean {
  return text.indexOf("=") > 0;
}

/** Returns the parameter that a text names. Its value is JSON; what is none is a text: `region=eu` is `region="eu"`. */
export function parameterOf(text: string): Record<string, unknown> {
  const at = text.indexOf("=");
  return { [text.slice(0, at).trim()]: valueOf(text.slice(at + 1).trim()) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
