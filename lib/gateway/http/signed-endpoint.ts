import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { anonymousPermissions, permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { permissionsUnder } from "#lib/core/access/status.ts";
import { now } from "#lib/core/clock.ts";
import {
  type AccountContext,
  acrossTenants,
  actingAs,
  type Context,
  inOrganization,
  inWorkspace,
  type OrganizationContext,
} from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { refusals } from "#lib/core/metrics.ts";
import { printable } from "#lib/core/stored-text.ts";
import { liveSession } from "#lib/domain/account/sessions/queries.ts";
import { readTicket, type Ticket, ticketPrefix } from "#lib/domain/files/uploads/rules.ts";
import { accessTo } from "#lib/domain/organizations/queries.ts";
import { type ApiRequest, asWireError, type Endpoint, endpoint } from "./endpoint.ts";
import { send } from "./request.ts";
import { idHeaders } from "./wire-error.ts";

/** The ends of a connection, whatever let it in. */
export type Wire = {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** Headers every answer carries, errors too. */
  headers: Record<string, string>;
  answer(status: number, body: string): void;
  /** What the one who asks was let do, where a ticket let them. */
  ticket?: Ticket;
};

const visitor: Actor = {
  kind: "anonymous",
  id: "anonymous",
  name: "Visitor",
  permissions: new Set(anonymousPermissions),
};

function visitorOf({ incoming, address }: ApiRequest): AccountContext {
  const origin = { address, agent: printable(incoming.headers["user-agent"] ?? "unknown") };
  return acrossTenants({ db: tenantDb({}), now: now(), actor: visitor, origin });
}

function wireOf({ incoming, outgoing }: ApiRequest, at: Date): Wire {
  const headers = idHeaders(newId("request", at));
  return { incoming, outgoing, headers, answer: (status, body) => send(outgoing, status, body, headers) };
}

/** What is thrown becomes an error answer, and what is left of a body is read. */
async function answered({ incoming, outgoing }: ApiRequest, wire: Wire, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const { status, body, headers, type } = asWireError(error);
    refusals.inc({ reason: type });
    send(outgoing, status, body, { ...wire.headers, ...headers });
  }
  if (!incoming.complete) incoming.resume();
}

type LinkDefinition = {
  summary: string;
  query: z.ZodType;
  file: string;
  run: (ctx: AccountContext, wire: Wire, params: Record<string, string>) => Promise<void>;
};

/** A way in for those who have an address that was signed; `run` checks the signature. */
export function linkEndpoint({ run, ...about }: LinkDefinition): Endpoint {
  const serve: Endpoint = (request, params) => {
    const ctx = visitorOf(request);
    const wire = wireOf(request, ctx.now);
    return answered(request, wire, () => run(ctx, wire, params));
  };
  return Object.assign(serve, { about: { ...about, key: "none" as const } });
}

/** The organization of what a signature was good for. */
export const inside = (visitor: AccountContext, organizationId: Id<"organization">): OrganizationContext =>
  inOrganization(acrossTenants({ ...visitor, db: tenantDb({ organizationId }) }), organizationId);

type UploadDefinition<S extends z.ZodType> = {
  scope: Permission;
  name: string;
  summary: string;
  keeps: "files";
  input: S;
  output?: z.ZodType;
  run: (ctx: Context, wire: Wire, params: Record<string, string>) => Promise<void>;
};

/** A way in for uploads: with a key, as everywhere, or with the ticket of a browser. The body is read as it comes. */
export function uploadEndpoint<S extends z.ZodType>({ run, ...definition }: UploadDefinition<S>): Endpoint {
  const byKey = endpoint({
    ...definition,
    isStreamed: true,
    run: (ctx, _input, request, params) => run(ctx, wireOfKey(request), params),
  });
  const serve: Endpoint = (request, params) => {
    const sent = /^Bearer\s+(\S+)\s*$/i.exec(request.incoming.headers.authorization ?? "")?.[1];
    if (!sent?.startsWith(ticketPrefix)) return byKey(request, params);
    const visitor = visitorOf(request);
    const wire = wireOf(request, visitor.now);
    return answered(request, wire, async () => {
      const ticket = readTicket(sent, visitor.now);
      if (!ticket) throw new AppError("unauthenticated", "This ticket is over. Begin the upload again.");
      const ctx = await holderOf(visitor, ticket);
      authorize(ctx.actor, definition.scope);
      await run(ctx, { ...wire, ticket }, params);
    });
  };
  return Object.assign(serve, byKey.about && { about: byKey.about });
}

const wireOfKey = (request: Parameters<Parameters<typeof endpoint>[0]["run"]>[2]): Wire => ({
  incoming: request.incoming,
  outgoing: request.outgoing,
  headers: request.headers,
  answer: (status, body) => request.answer(status, body),
});

/** The person whom a ticket was given, with what they may do now: a session that ended takes its tickets with it. */
async function holderOf(visitor: AccountContext, { session: sessionId, workspace }: Ticket): Promise<Context> {
  const session = await liveSession(visitor, sessionId);
  if (!session) throw new AppError("unauthenticated", "Sign in to continue.");
  const { user } = session;
  const own = new Set([...anonymousPermissions, "account.manage" as const]);
  const person: Actor = { kind: "user", ...user, sessionId, permissions: own };
  const known = acrossTenants({ ...visitor, db: tenantDb({ userId: user.id }), actor: person });
  const { organizationId, workspaceId, status, roles } = await accessTo(known, workspace);
  const permissions = permissionsUnder(status, permissionsOf(rolePermissions, roles));
  const inside = acrossTenants({ ...known, db: tenantDb({ organizationId, userId: user.id }) });
  return actingAs(inWorkspace(inOrganization(inside, organizationId), workspaceId), { ...person, permissions });
}
