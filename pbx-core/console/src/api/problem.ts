// RFC 9457 as the core sends it. `detail` is English whatever the page's language: the headline that is shown with it
// is translated by the status.
export class Problem extends Error {
  constructor(
    readonly status: number, // 0: the core couldn't be reached
    readonly detail: string,
    readonly field = "",
    readonly retryAfter = 0, // seconds; 0 where the core said nothing
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  static of(status: number, body: unknown, headers: Headers): Problem {
    const object = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    const text = (name: string) => (typeof object[name] === "string" ? object[name] : "");
    const wait = Number(headers.get("Retry-After"));
    return new Problem(
      status,
      text("detail") || text("title"),
      text("field"),
      Number.isFinite(wait) ? wait : 0,
      object,
    );
  }
}
