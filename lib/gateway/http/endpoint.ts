import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { db } from "#db/client.ts";
import { type StatefulClass, statefulClasses } from "#db/schema/zero-retention.ts";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { tenantDb } from "#db/tenant.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { isWellFormed, type Purpose, purposes, secretPattern } from "#lib/core/api-keys/secret.ts";
import type { Context } from "#lib/core/context.ts";
import { acrossTenants, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { refusals } from "#lib/core/metrics.ts";
import { mayBeUnstorable, unstorable, unstorableWords } from "#lib/core/stored-text.ts";
import { asRefusal, mustNotKeep, zeroRetention } from "#lib/domain/retention/rules.ts";
import type { Eligibility } from "#lib/domain/zero-retention/eligibility/rules.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import { bodiless, jsonOf, readBody } from "./body.ts";
import { closeToPage } from "./cors.ts";
import type { DataPlane } from "./data-plane.ts";
import { details } from "./details.ts";
import { AuthenticatedRequest, send } from "./request.ts";
import { identified, invalidBody, toWireError, unexpected, type WireError } from "./wire-error.ts";
import { underHeader } from "./zero-retention-header.ts";

/** A request as the front process hands it over: the two ends of the connection, and where it comes from. */
export type ApiRequest = { incoming: IncomingMessage; outgoing: ServerResponse; plane: DataPlane; address: string };

/** What an endpoint says of itself for the document that describes the API. */
export type About = {
  summary: string;
  /** Which kind of key opens it. */
  key: "api" | "admin" | "trainer" | "none";
  query?: z.ZodType | undefined;
  input?: z.ZodType | undefined;
  /** What is sent as a form with a file, instead of `input`. */
  form?: z.ZodType | undefined;
  /** What it answers; nothing where there is nothing to say. */
  output?: z.ZodType | undefined;
  /** Of an answer that is a file: its media type. */
  file?: string | undefined;
  /** What each event says, where an answer can be streamed. */
  events?: z.ZodType | undefined;
  /** What it keeps, to an API key. */
  keeps?: Eligibility["keeps"];
};

export type Endpoint = ((request: ApiRequest, params: Record<string, string>) => Promise<void>) & { about?: About };

type Definition<S extends z.ZodType> = {
  scope: Permission;
  /** What requests to it are called in the log. */
  name: string;
  /** What it does, in a few words, for the document that describes the API. */
  summary: string;
  /**
   * What it does is kept: refused under zero retention, and done under the database's tenant role. Where each request says
   * whether it is, the refusal is left to what it runs.
   */
  keeps?: Eligibility["keeps"];
  query?: z.ZodType;
  /** Instead of a body that is read first: a form, which `run` reads as it comes. */
  form?: z.ZodType;
  /** The same for bytes as they are. */
  isStreamed?: boolean;
  output?: z.ZodType;
  file?: string;
  events?: z.ZodType;
  /** What the body must be; endpoints without one take an empty object. */
  input: S;
  /** Reads a body as `input` would where that costs less; undefined leaves it to `input`. */
  readLarge?: (bytes: Buffer) => z.output<S> | undefined;
  /** Answers through `request`; what it throws becomes an error answer. */
  run: (
    ctx: Context,
    input: z.output<S>,
    request: AuthenticatedRequest,
    params: Record<string, string>,
  ) => Promise<void>;
  /** Told of requests that got past the key and were then refused, so that they are in the log. */
  refused?: (request: AuthenticatedRequest, error: WireError) => void;
};

/** A program's way in: key, scope, body, then `run`. Whatever goes wrong is one kind of error body. */
export function endpoint<S extends z.ZodType>({
  scope,
  name,
  summary,
  keeps = "nothing",
  query,
  form,
  isStreamed = form !== undefined,
  output,
  file,
  events,
  input,
  readLarge,
  run,
  refused,
}: Definition<S>): Endpoint {
  const fail = (error: unknown, outgoing: ServerResponse, request: AuthenticatedRequest | undefined): void => {
    const wire = asWireError(error);
    refusals.inc({ reason: wire.type });
    if (request) refused?.(request, wire);
    if (request) request.fail(wire);
    else send(outgoing, wire.status, wire.body, identified(wire.headers));
  };

  const read = (request: AuthenticatedRequest): z.output<S> => {
    const large = readLarge?.(request.bytes);
    if (large) request.note(large);
    return large ?? parsed(input, bodyOf(request, isStateful(keeps)), "body");
  };

  const serve: Endpoint = async ({ incoming, outgoing, plane, address }, params) => {
    let request: AuthenticatedRequest | undefined;
    try {
      refuseKeyInUrl(incoming.url ?? "");
      const { authorization, origin } = incoming.headers;
      const admitted = plane.authenticator.authenticate(bearer(authorization), address, origin);
      // A known key is not waited for: the body, which came with it, can then be read where it lies.
      const known = admitted instanceof Promise ? await admitted : admitted;
      const key = underHeader(known, incoming.headers["x-zero-retention"]);
      closeToPage({ incoming, outgoing, plane }, key);
      request = new AuthenticatedRequest({ incoming, outgoing }, { name, key, address, plane });
      plane.calls.begin(request);
      const ctx = contextOf(request, keeps !== "nothing");
      authorize(ctx.actor, scope);
      refuseKept(key, keeps);
      if (!isStreamed && !bodiless.has(incoming.method))
        request.bytes = await readBody(incoming, env().BODY_LIMIT_BYTES);
      await run(ctx, read(request), request, params);
    } catch (error) {
      fail(error, outgoing, request);
    }
    request?.release();
    plane.calls.end(request);
    // What is left of a body no one read would be taken for the next request.
    if (!incoming.complete) incoming.resume();
  };
  const about = { summary, key: "api" as const, query, input, form, output, file, events, keeps };
  return Object.assign(serve, { about });
}

const isStateful = (keeps: Eligibility["keeps"]): keeps is StatefulClass =>
  (statefulClasses as readonly string[]).includes(keeps);

function refuseKept(key: AuthenticatedKey, keeps: Eligibility["keeps"]): void {
  if (isStateful(keeps) && mustNotKeep(key, keeps)) throw zeroRetention();
}

/** What a request of a key does, it does in the key's workspace; what is kept, under the database's tenant role. */
export function contextOf({ key, at, address, agent }: AuthenticatedRequest, keeps: boolean): Context {
  const parts = {
    db: keeps ? tenantDb({ organizationId: key.organizationId, userId: key.ownerId }) : db(),
    now: at,
    actor: {
      kind: "key" as const,
      id: key.id,
      name: key.name,
      ownerId: key.ownerId,
      isService: key.isService,
      permissions: key.permissions,
    },
    origin: { address, agent },
  };
  return inWorkspace(inOrganization(acrossTenants(parts), key.organizationId), key.workspaceId);
}

/** T-4.2.1-KEY2: a key in an address ends up in logs and histories, so it is refused there even when it is right. */
export function refuseKeyInUrl(url: string): void {
  if (!url.includes("?") && !/cp[at]_/.test(url)) return;
  const names = new URL(url, "http://localhost").searchParams;
  const named = ["api_key", "apikey", "api-key", "key", "token", "access_token"].some((name) => names.has(name));
  if (!named && url.match(secretPattern) === null) return;
  throw new AppError(
    "invalid",
    "Send the API key in the Authorization header, never in the address. A key that was in an address should be rotated.",
    { code: "key_in_url" },
  );
}

function bearer(header: string | undefined): string {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(header ?? "");
  if (match?.[1]?.startsWith("cpa_")) {
    throw new AppError("unauthenticated", "This is an admin key, which is good for /v1/admin only. Use an API key.", {
      code: "unauthorized",
    });
  }
  if (match?.[1]) return match[1];
  const problem = header
    ? "The Authorization header is not of the form Bearer KEY."
    : "Send an API key in the Authorization header, as Bearer KEY.";
  throw new AppError("unauthenticated", problem, { code: "unauthorized" });
}

/** What was sent, as the schema has it, or the refusal that says what is wrong with it. */
export function parsed<S extends z.ZodType>(schema: S, sent: unknown, part: "body" | "query"): z.output<S> {
  const result = schema.safeParse(sent);
  if (!result.success) throw invalidBody(details(result.error, part, sent));
  if (part === "query") refuseUnstorable(sent, part);
  return result.data;
}

/** What is sent to be kept must be what the database can keep. */
export function refuseUnstorable(sent: unknown, part: "body" | "query"): void {
  const place = unstorable(sent);
  if (place) throw invalidBody([{ type: "unstorable_text", loc: [part, ...place], msg: unstorableWords }]);
}

function bodyOf(request: AuthenticatedRequest, keeps: boolean): unknown {
  // Some requests that may have a body need none, and send none.
  if (bodiless.has(request.incoming.method) || request.bytes.length === 0) return {};
  const { body } = request;
  refuseKeyInBody(body);
  const sent = jsonOf(body);
  request.note(sent);
  if (keeps && mayBeUnstorable(body)) refuseUnstorable(sent, "body");
  return sent;
}

/** A key in a body ends up in logs and files, so it is refused there too. */
export function refuseKeyInBody(body: string): void {
  if (!purposes.some((purpose) => body.includes(`${purpose}_`))) return;
  if (!(body.match(secretPattern) ?? []).some((found) => isWellFormed(found, found.slice(0, 3) as Purpose))) return;
  throw new AppError("invalid", "The body contains an API key. Take it out, and rotate that key.", {
    code: "key_in_body",
  });
}

export function asWireError(thrown: unknown): WireError {
  const error = asRefusal(thrown);
  if (error instanceof AppError) return toWireError(error);
  if (isWireError(error)) return error;
  if (isDatabaseAway(error)) return toWireError(databaseAway);
  return unexpected(logError("endpoint", error));
}

/** What every request gets while the database does not answer. */
export const databaseAway = new AppError("unavailable", "The service cannot answer right now. Try again in a moment.", {
  retryAfter: 2,
});

const isWireError = (error: unknown): error is WireError =>
  typeof error === "object" && error !== null && "status" in error && "body" in error;
