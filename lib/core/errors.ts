/** What can be wrong, as far as a caller can act on it. Tables map each to HTTP, to a form and to a page. */
export type Problem =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "step_up_required"
  | "not_found"
  | "gone"
  | "wrong_version"
  | "conflict"
  | "too_large"
  | "limit_reached"
  | "rate_limited"
  | "unavailable";

type Options = {
  /** Messages by input field. */
  fields?: Record<string, string[]>;
  /** A stable word for programs, such as `invalid_model`; the problem itself when not given. */
  code?: string;
  /** Seconds until asking again makes sense. */
  retryAfter?: number;
  /** What programs may want to know about it, beside the message; part of the body on `/v1`. */
  details?: Record<string, unknown>;
  /** Headers an answer of `/v1` carries because of it. */
  headers?: Record<string, string>;
  cause?: unknown;
};

/** The one class of errors that callers see. `message` is always fit for the person or program that asked; detail goes to `cause`. */
export class AppError extends Error {
  readonly problem: Problem;
  readonly fields: Record<string, string[]>;
  readonly code: string;
  readonly retryAfter: number | undefined;
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(problem: Problem, message: string, options: Options = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.problem = problem;
    this.fields = options.fields ?? {};
    this.code = options.code ?? problem;
    this.retryAfter = options.retryAfter;
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
  }
}

/** A fault of our own, in words that quote nothing anyone sent: they stand in the log as they are. */
export class Fault extends Error {
  override name = "Fault";
}

/** A failure that a check of ours asked for: it is looked through as every other, and written nowhere. */
export class AskedFailure extends Error {
  override name = "AskedFailure";
}

export const httpStatus: Record<Problem, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  step_up_required: 403,
  not_found: 404,
  gone: 410,
  wrong_version: 412,
  conflict: 409,
  too_large: 413,
  limit_reached: 402,
  rate_limited: 429,
  unavailable: 503,
};
