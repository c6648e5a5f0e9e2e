import { type Id, newId } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import { type AppError, httpStatus } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";

/** One thing wrong with a body, in the form the official clients parse from a 422. */
export type Detail = { type: string; loc: (string | number)[]; msg: string; ctx?: Record<string, unknown> };

export type WireError = { status: number; body: string; headers: Record<string, string>; type: string };

/** Numbers that programs written for the field's APIs look for; every other error has its own word as its code. */
const codes: Record<string, string> = {
  invalid_model: "1500",
  invalid_request_message_order: "3230",
  rate_limited: "1300",
};

type Parts = {
  status: number;
  message: string;
  type: string;
  param?: string | undefined;
  detail?: Detail[] | string;
  retryAfter?: number | undefined;
  details?: Record<string, unknown>;
  headers?: Record<string, string>;
};

/** One body that both families of clients understand: Mistral's flat fields, and the same again under `error`. */
function wireError({ status, message, type, param, detail, retryAfter, details, headers: given }: Parts): WireError {
  const about = { message, type, param: param ?? null, code: codes[type] ?? type, doc_url: docUrl(type) };
  // Some details lead to a page that says more.
  const core = { ...about, ...details };
  const body = { object: "error", ...core, raw_status_code: status, ...(detail ? { detail } : {}), error: core };
  const headers: Record<string, string> = { ...given };
  // A conflict or a spent budget does not go away by itself, so clients are told not to try again at once.
  if (status === 409 || status === 402) headers["x-should-retry"] = "false";
  if (status === 429 || status === 503) headers["retry-after"] = String(Math.max(1, Math.ceil(retryAfter ?? 1)));
  return { status, body: JSON.stringify(body), headers, type };
}

/** Where an error is explained, with the address that links of letters have. */
const docUrl = (type: string): string => publicLink(`/docs/errors#${type}`);

export function invalidBody(detail: Detail[], said?: string): WireError {
  const first = detail[0];
  const message =
    said ??
    (first ? `${first.loc.slice(1).join(".") || "body"}: ${first.msg}` : "The body is not what this endpoint takes.");
  return wireError({
    status: 422,
    message,
    type: "invalid_request_error",
    param: first?.loc.slice(1).join("."),
    detail,
  });
}

// A flood of refusals throws the same error again and again.
const known = new WeakMap<AppError, WireError>();

export function toWireError(error: AppError): WireError {
  const wire = known.get(error) ?? made(error);
  known.set(error, wire);
  return wire;
}

function made(error: AppError): WireError {
  const status = httpStatus[error.problem];
  const param = Object.keys(error.fields)[0];
  return wireError({
    status,
    message: error.message,
    type: error.code,
    param,
    retryAfter: error.retryAfter,
    details: error.details,
    headers: error.headers,
    ...(status === 401 ? { detail: "Unauthorized" } : {}),
  });
}

export const unexpected = (reference: string): WireError =>
  wireError({
    status: 500,
    message: `Something went wrong on our side. Quote ${reference} to support if it stays.`,
    type: "internal_error",
  });

export const noRoute = (
  method: string,
  path: string,
  hint = "The endpoints are listed in /v1/openapi.json.",
): WireError =>
  wireError({
    status: 404,
    message: `There is no ${method} ${path.slice(0, 200)} here. ${hint}`,
    type: "no_such_route",
  });

export const wrongMethod = (method: string, path: string, allow: string): WireError =>
  wireError({
    status: 405,
    message: `${path.slice(0, 200)} does not take ${method}; it takes ${allow}.`,
    type: "method_not_allowed",
    headers: { allow },
  });

const notRead: Record<number, string> = {
  408: "The request took too long to arrive.",
  431: "The headers of the request are too large.",
};

export const notHttp = (status: number): WireError =>
  wireError({ status, message: notRead[status] ?? "This is not a request that HTTP allows.", type: "invalid" });

export const unsupportedMedia = (message: string, headers: Record<string, string> = {}): WireError =>
  wireError({ status: 415, message, type: "unsupported_media_type", headers });

/** What every answer carries: its request's id, and that no one on the way may keep it. */
export const idHeaders = (id: Id<"request">): Record<string, string> => ({
  "x-request-id": id,
  "mistral-correlation-id": id,
  "cache-control": "no-store",
});

/** The same for an answer that no request of a known key gives an id. */
export const identified = (headers: Record<string, string> = {}): Record<string, string> => ({
  ...idHeaders(newId("request", now())),
  ...headers,
});
