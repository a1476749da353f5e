/** What went wrong with a request, as the server said it (RFC 9457), or that it did not answer. */
export class ApiError extends Error {
  constructor(
    readonly title: string,
    message: string,
    readonly status: number,
    readonly requestId: string | null = null,
    readonly type = "about:blank",
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Whether no answer came at all. */
  get isUnreachable(): boolean {
    return this.status === 0;
  }

  /** Whether asking again in a moment may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/** Returns the error that an answer tells of. */
export async function errorOf(answer: Response): Promise<ApiError> {
  const requestId = answer.headers.get("x-request-id");
  try {
    const problem: unknown = await answer.clone().json();
    if (typeof problem === "object" && problem !== null && "detail" in problem) {
      const { title, detail, type } = problem as { title?: unknown; detail: unknown; type?: unknown };
      return new ApiError(
        String(title ?? "Error"),
        String(detail),
        answer.status,
        requestId,
        String(type ?? ""),
      );
    }
  } catch {
    // A proxy between answers in its own words.
  }
  return new ApiError(
    answer.statusText || "Error",
    `The server answered with ${answer.status}.`,
    answer.status,
    requestId,
  );
}
