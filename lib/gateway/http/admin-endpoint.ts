import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { adminKeys } from "#db/schema/keys.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { tenantDb } from "#db/tenant.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { permissionsUnder } from "#lib/core/access/status.ts";
import { isWellFormed } from "#lib/core/api-keys/secret.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { acrossTenants, inOrganization } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { refusals } from "#lib/core/metrics.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { mayBeUnstorable } from "#lib/core/stored-text.ts";
import { adminKeyPermissions, isEnded } from "#lib/domain/admin-keys/rules.ts";
import { statusAt } from "#lib/domain/organizations/queries.ts";
import { jsonOf, readBody } from "./body.ts";
import { closeToPage } from "./cors.ts";
import {
  type About,
  type ApiRequest,
  asWireError,
  type Endpoint,
  parsed,
  refuseKeyInUrl,
  refuseUnstorable,
} from "./endpoint.ts";
import { send } from "./request.ts";
import { identified } from "./wire-error.ts";

type Definition<Q extends z.ZodType, S extends z.ZodType, O extends z.ZodType> = {
  /** What the key must be allowed, or the command it must be allowed to call. */
  can: Permission | { can: Permission };
  /** What it does, in a few words, for the document that describes the API. */
  summary: string;
  query?: Q;
  input?: S;
  /** What it answers; nothing where there is nothing to say. */
  output?: O;
  run: (
    ctx: OrganizationContext,
    asked: { query: z.output<Q>; input: z.output<S>; params: Record<string, string> },
  ) => Promise<z.input<O>>;
};

const nothing = z.object({});
const mostBodyBytes = 1_000_000;

/** A program's way in to administer an organization: an admin key, what its maker may do now, query and body, then `run`. */
export function adminEndpoint<
  Q extends z.ZodType = typeof nothing,
  S extends z.ZodType = typeof nothing,
  O extends z.ZodType = z.ZodUndefined,
>({ can, summary, query, input, output, run }: Definition<Q, S, O>): Endpoint & { about: About } {
  const serve = entered(can, async (ctx, { incoming, outgoing }, params) => {
    const asked = {
      query: parsed(query ?? nothing, queryOf(incoming), "query") as z.output<Q>,
      input: parsed(input ?? nothing, await bodyOf(incoming, input !== undefined), "body") as z.output<S>,
      params,
    };
    const answer = await run(ctx, asked);
    if (output) send(outgoing, 200, JSON.stringify(output.parse(answer)), identified());
    else send(outgoing, 204, "", identified());
  });
  return Object.assign(serve, { about: { summary, key: "admin" as const, query, input, output } });
}

type FileDefinition = {
  can: Permission;
  summary: string;
  /** Its media type. */
  type: string;
  run: (ctx: OrganizationContext, params: Record<string, string>) => Promise<ServedFile>;
};

type ServedFile = { name: string; size: number; pieces: AsyncIterable<Uint8Array> };

/** The same way in to a file, whose bytes are passed on as they are read. */
export function adminFile({ can, summary, type, run }: FileDefinition): Endpoint & { about: About } {
  const serve = entered(can, async (ctx, { outgoing }, params) => sendFile(outgoing, type, await run(ctx, params)));
  return Object.assign(serve, { about: { summary, key: "admin" as const, file: type } });
}

async function sendFile(outgoing: ServerResponse, type: string, { name, size, pieces }: ServedFile): Promise<void> {
  outgoing.writeHead(200, {
    "content-type": type,
    "content-length": size,
    "content-disposition": `attachment; filename="${name}"`,
    ...identified(),
  });
  await pipeline(Readable.from(pieces), outgoing);
}

type Work = (ctx: OrganizationContext, asked: ApiRequest, params: Record<string, string>) => Promise<void>;

/** What every address of the admin API begins with, and how it refuses. */
function entered(can: Permission | { can: Permission }, work: Work): Endpoint {
  return async (request, params) => {
    const { incoming, outgoing, plane, address } = request;
    try {
      refuseKeyInUrl(incoming.url ?? "");
      const ctx = await contextOf({ incoming, address });
      closeToPage({ incoming, outgoing, plane });
      authorize(ctx.actor, typeof can === "string" ? can : can.can);
      await work(ctx, request, params);
    } catch (error) {
      const wire = asWireError(error);
      refusals.inc({ reason: wire.type });
      send(outgoing, wire.status, wire.body, identified(wire.headers));
    }
    if (!incoming.complete) incoming.resume();
  };
}

/** The query as it was sent; what is repeated is an array. */
export const queryOf = ({ url }: IncomingMessage): Record<string, string | string[]> => {
  const { searchParams } = new URL(url ?? "/", "http://localhost");
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const all = searchParams.getAll(name);
      return [name, all.length > 1 ? all : (all[0] ?? "")];
    }),
  );
};

async function bodyOf(incoming: IncomingMessage, isWanted: boolean): Promise<unknown> {
  if (!isWanted) return {};
  const body = (await readBody(incoming, mostBodyBytes)).toString();
  const sent = jsonOf(body);
  if (mayBeUnstorable(body)) refuseUnstorable(sent, "body");
  return sent;
}

type Owner = { organizationId: Id<"organization">; userId: Id<"user"> };
type Asking = Pick<ApiRequest, "incoming" | "address">;

/** Looked up anew for every request, so that a revoked key, or a maker who is no admin any more, is out on the next. */
async function contextOf({ incoming, address }: Asking): Promise<OrganizationContext> {
  const secret = secretOf(incoming);
  const at = now();
  const [key] = await db()
    .select({
      organizationId: adminKeys.organizationId,
      id: adminKeys.id,
      name: adminKeys.name,
      access: adminKeys.access,
      ownerId: adminKeys.createdBy,
      expiresAt: adminKeys.expiresAt,
      revokedAt: adminKeys.revokedAt,
      lastUsedAt: adminKeys.lastUsedAt,
      status: statusAt(at),
    })
    .from(adminKeys)
    .innerJoin(organizations, eq(organizations.id, adminKeys.organizationId))
    .where(eq(adminKeys.hash, keyedHash(secret)));
  if (!key || isEnded(key, at)) throw unknown("This admin key is unknown, revoked or expired.");
  const own = { organizationId: key.organizationId, userId: key.ownerId };
  const held = adminKeyPermissions(await rolesOf(own));
  if (held.size === 0) {
    throw new AppError("forbidden", "Whoever made this admin key is not an organization admin any more.", {
      code: "maker_is_no_admin",
    });
  }
  const isReadOnly = key.access === "read";
  if (isReadOnly && incoming.method !== "GET" && incoming.method !== "HEAD")
    throw new AppError("forbidden", "This admin key only looks. Use one that may change things.", {
      code: "read_only",
    });
  if (key.lastUsedAt === null || addMinutes(key.lastUsedAt, 1) < at)
    await db().update(adminKeys).set({ lastUsedAt: at }).where(eq(adminKeys.id, key.id));
  const parts = {
    db: tenantDb({ ...own, isReadOnly }),
    now: at,
    actor: {
      kind: "key" as const,
      id: key.id,
      name: key.name,
      ownerId: key.ownerId,
      permissions: permissionsUnder(key.status, held),
    },
    origin: { address, agent: incoming.headers["user-agent"]?.slice(0, 400) ?? "unknown" },
  };
  return inOrganization(acrossTenants(parts), key.organizationId);
}

async function rolesOf({ organizationId, userId }: Owner): Promise<string[]> {
  const membership = and(eq(members.organizationId, organizationId), eq(members.userId, userId));
  const [row] = await db().select({ roles: members.roles }).from(members).where(membership);
  return row?.roles ?? [];
}

function secretOf({ headers }: IncomingMessage): string {
  const given = headers["x-api-key"] ?? /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1];
  if (typeof given !== "string") throw unknown("Send an admin key in the header x-api-key.");
  if (isWellFormed(given, "cpa")) return given;
  throw unknown(
    given.startsWith("cpt_")
      ? "This is an API key, which is good for asking models only. Use an admin key."
      : "This is not an admin key.",
  );
}

const unknown = (message: string) => new AppError("unauthenticated", message, { code: "unauthorized" });
