import { and, eq, gt } from "drizzle-orm";
import { z } from "zod";
import { type Id, newId } from "#db/id.ts";
import { connections } from "#db/schema/connections.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { openConnectionSecret, openVerifier, sealVerifier } from "#lib/core/connection-secrets.ts";
import { type Context, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import {
  authorizationAddress,
  exchangeCode,
  newState,
  newVerifier,
  oauthService,
  type Tokens,
} from "#lib/core/oauth.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { acknowledge, lockConnection, refuseByRule, refuseTooMany } from "#lib/domain/connections/commands.ts";
import { beginOauthInput } from "#lib/domain/connections/input.ts";
import { pendingMinutes } from "#lib/domain/connections/rules.ts";
import { keptTokens } from "./rules.ts";
import { keepTokens } from "./tokens/commands.ts";

type Connection = typeof connections.$inferSelect;
type ConnectionId = Id<"connection">;
const connector = "oauth-generic";

const its = ({ organizationId }: OrganizationContext, id: ConnectionId) =>
  and(eq(connections.organizationId, organizationId), eq(connections.id, id));

/** The one address people come back to; the service knows no other. */
const redirectUri = (): string => publicLink("/api/connections");

/** Begins to connect the service that the operator set up, or to connect it again; says where the person signs in. */
export const beginOauth = command({
  can: "integrations.write",
  within: "workspace",
  input: beginOauthInput,
  run: async (ctx, { id: given, name, scope, acknowledged, events }): Promise<string> => {
    if (!oauthService()) throw new AppError("not_found", "No service that is signed in to is set up here.");
    // The workspace is a part of it, so that the answer finds its way back to it.
    const state = `${ctx.workspaceId}.${newState()}`;
    const verifier = newVerifier();
    const address = await authorizationAddress({ state, verifier, redirectUri: redirectUri() });
    await transaction(ctx, async (ctx) => {
      const before = given ? await lockConnection(ctx, given) : null;
      if (before && before.connector !== connector) throw new AppError("not_found", "There is no such connection.");
      const workspaceId = before ? before.workspaceId : scope === "workspace" ? ctx.workspaceId : null;
      await refuseByRule(ctx, connector, workspaceId);
      await acknowledge(ctx, connector, acknowledged);
      const id = before?.id ?? (await addPending(ctx, { name, workspaceId, events }));
      const { organizationId } = ctx;
      await ctx.db
        .update(connections)
        .set({
          ...{
            name,
            settings: { events },
            pendingState: keyedHash(state),
            pendingSession: personOf(ctx.actor).sessionId,
          },
          ...(await sealVerifier({ organizationId, id, key: before?.key ?? null }, verifier)),
          pendingUntil: addMinutes(ctx.now, pendingMinutes),
        })
        .where(its(ctx, id));
      const object = { type: "connection", id } as const;
      await writeAudit(ctx, { action: "connection.begin", object, after: { connector, name, workspace: workspaceId } });
    });
    return address;
  },
});

type Pending = { name: string; workspaceId: Id<"workspace"> | null; events: string[] };

async function addPending(ctx: Context, { name, workspaceId, events }: Pending): Promise<ConnectionId> {
  await refuseTooMany(ctx);
  const id = newId("connection", ctx.now);
  const { organizationId, now: createdAt } = ctx;
  const createdBy = personOf(ctx.actor).id;
  const pending = { connector, name, workspaceId, settings: { events }, state: "pending" } as const;
  await ctx.db.insert(connections).values({ organizationId, id, ...pending, createdBy, createdAt });
  return id;
}

/** What came back with the person, as the service put it into the address. */
const answerInput = z.object({ answer: z.string().max(4000) });

/**
 * Finishes a sign-in that this session began: once, and within its time. What began it is forgotten before the service is
 * asked, so an answer that comes twice finds nothing.
 */
export const finishOauth = command({
  can: "integrations.write",
  within: "workspace",
  input: answerInput,
  run: async (ctx, { answer }): Promise<ConnectionId> => {
    const parameters = new URLSearchParams(answer);
    const state = parameters.get("state") ?? "";
    const found = await transaction(ctx, (ctx) => takePending(ctx, state));
    const verifier = await openVerifier(found);
    const tokens = await exchangeCode(parameters, { state, verifier, redirectUri: redirectUri() });
    await transaction(ctx, (ctx) => keepSignedIn(ctx, found.id, tokens));
    return found.id;
  },
});

async function takePending(ctx: Context, state: string): Promise<Connection> {
  const mine = and(
    eq(connections.organizationId, ctx.organizationId),
    eq(connections.pendingState, keyedHash(state)),
    eq(connections.pendingSession, personOf(ctx.actor).sessionId),
    gt(connections.pendingUntil, ctx.now),
  );
  const [found] = await ctx.db.select().from(connections).where(mine).for("update");
  if (!found)
    throw new AppError(
      "invalid",
      "This sign-in was finished before, took too long, or was begun in another browser. Begin again.",
      {
        code: "oauth_state",
      },
    );
  await ctx.db
    .update(connections)
    .set({ pendingState: null, pendingSession: null, pendingVerifier: null })
    .where(its(ctx, found.id));
  return found;
}

async function keepSignedIn(ctx: Context, id: ConnectionId, tokens: Tokens): Promise<void> {
  const before = await lockConnection(ctx, id);
  await refuseByRule(ctx, before.connector, before.workspaceId);
  const earlier = before.sealedSecret ? await openConnectionSecret(before) : undefined;
  const secret = keptTokens(tokens, earlier?.refreshToken);
  if (!secret)
    throw new AppError(
      "invalid",
      "The service gave a token that ends soon and none to renew it, so it was not kept. Allow offline access there.",
      {
        code: "oauth_no_refresh_token",
      },
    );
  const isAgain = before.state !== "pending";
  await keepTokens(ctx, before, secret, tokens);
  const state = before.state === "paused" ? ("paused" as const) : ("connected" as const);
  await ctx.db
    .update(connections)
    .set({ state, failingSince: null, lastError: null, toldAt: null, pendingUntil: null, scopes: tokens.scopes })
    .where(its(ctx, id));
  await writeAudit(ctx, {
    action: isAgain ? "connection.reconnect" : "connection.connect",
    object: { type: "connection", id },
    before: { state: before.state },
    after: { connector, name: before.name, state, scopes: tokens.scopes },
    clause: "T-4.2.1-TPS1",
  });
}
