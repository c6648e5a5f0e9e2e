import { now } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { redacted } from "./redaction.ts";

const longestMessage = 500;

/** Why an upstream could not be reached, or what it answered that is its own fault; the cause of what is thrown then. */
export class Outage extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = "Outage";
  }
}

/** The upstream says that what it was asked for is not there, such as the model; the cause of what is thrown then. */
export class Missing extends Error {
  override name = "Missing";
}

type Answer = { status: number; retryAfter?: string | string[] | undefined; body: unknown };

/** What the customer is told when an upstream refuses: its own words for 400, 404 and 422, ours for everything else. */
export function refusal({ status, retryAfter, body }: Answer): AppError {
  if (status === 400 || status === 404 || status === 422) {
    const cause = status === 404 ? new Missing() : undefined;
    return new AppError("invalid", messageIn(body) ?? "The model refused this request.", { ...codeFor(body), cause });
  }
  if (status === 413) return new AppError("too_large", "The request is larger than the model takes.");
  if (status !== 429) return unavailable(status >= 500 ? new Outage(String(status)) : undefined);
  const wait = secondsOf(retryAfter);
  const message = "The model is answering as many requests as it can. Try again shortly.";
  return new AppError("rate_limited", message, { retryAfter: wait ?? 1 });
}

export const unavailable = (cause?: unknown, waitMs = 0): AppError =>
  new AppError("unavailable", "The model cannot answer right now. Try again shortly.", {
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
    cause,
  });

function codeFor(body: unknown): { code?: string } {
  const code = fieldOf(fieldOf(body, "error"), "code") ?? fieldOf(body, "code");
  return code === "context_length_exceeded" ? { code } : {};
}

/** The message in any of the shapes inference servers use. */
function messageIn(body: unknown): string | undefined {
  const error = fieldOf(body, "error");
  const found = [fieldOf(error, "message"), error, fieldOf(body, "message"), fieldOf(body, "detail")];
  const message = found.find((candidate) => typeof candidate === "string" && candidate.trim() !== "");
  return typeof message === "string" ? redacted(message.trim()).slice(0, longestMessage) : undefined;
}

export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** Whole seconds of a `retry-after` in either spelling. */
function secondsOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - now().getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}

/** An error that arrived with status 200, as some servers send once a stream has begun. */
export function errorInside(event: unknown, name?: string): AppError | undefined {
  const error = fieldOf(event, "error");
  const isError = name === "error" || fieldOf(event, "object") === "error";
  if (!isError && (error === undefined || error === null)) return undefined;
  const code = Number(fieldOf(error, "code") ?? fieldOf(event, "code"));
  // What was answered tells that the server is there, so it is no outage.
  return code === 400 || code === 404 || code === 413 || code === 422 || code === 429
    ? refusal({ status: code, body: event })
    : unavailable();
}
