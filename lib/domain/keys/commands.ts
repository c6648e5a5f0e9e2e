import { and, eq, ne } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { agentGrants } from "#db/schema/agents.ts";
import { keys } from "#db/schema/keys.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { stateOf } from "#lib/core/api-keys/lifetime.ts";
import { ends, newSecret } from "#lib/core/api-keys/secret.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { keepDeadline } from "#lib/domain/deadlines/commands.ts";
import { copyKeyLimits, setKeyLimit } from "#lib/domain/limits/commands.ts";
import { createKeyInput, reportKeyInput, revokeKeyInput, revokeKeysInput, rotateKeyInput } from "./input.ts";
import { graceEnd, isForWebPages, mayChange, maySucceed } from "./rules.ts";
import type { NewKey, RotatedKey } from "./view.ts";

type Row = typeof keys.$inferSelect;
type Draft = Pick<Row, "name" | "scopes" | "models" | "addresses" | "browser" | "lifetimeDays" | "purpose"> & {
  ownerId: Id<"user">;
  rootId?: Id<"key">;
};

async function insert(ctx: Context, draft: Draft): Promise<NewKey> {
  const secret = newSecret();
  const id = newId("key", ctx.now);
  const expiresAt = draft.lifetimeDays ? addDays(ctx.now, draft.lifetimeDays) : null;
  await ctx.db.insert(keys).values({
    ...draft,
    ...ends(secret),
    organizationId: ctx.organizationId,
    workspaceId: ctx.workspaceId,
    id,
    hash: keyedHash(secret),
    createdAt: ctx.now,
    expiresAt,
  });
  if (expiresAt) await keepExpiry(ctx, id, expiresAt);
  const { name, scopes, models } = draft;
  return { id, name, scopes, models, secret, expiresAt };
}

/** The day a key expires is its owner's to know; null: it ended before, or never expires. */
const keepExpiry = (ctx: Context, id: Id<"key">, dueAt: Date | null): Promise<void> =>
  keepDeadline(ctx, {
    clock: "key.expiry",
    subject: { kind: "key", id },
    dueAt: dueAt && dueAt > ctx.now ? dueAt : null,
  });

/**
 * The person a new key belongs to: keys act for people, so only people and the operator can make one. A program with an
 * admin key is shown the secret, so what it makes acts as the person of that admin key, or as nobody.
 */
function ownerOf(ctx: Context, owner?: Id<"user">, isService = false): Id<"user"> {
  if (ctx.actor.kind === "user") return ctx.actor.id;
  if (ctx.actor.kind === "key" && owner !== ctx.actor.ownerId && !isService) {
    throw new AppError(
      "forbidden",
      "A person's key is shown to that person only. Make a service key, or let the person make their own.",
      { code: "key_of_another_person" },
    );
  }
  if (owner) return owner;
  throw new AppError("forbidden", "A key needs an owner who is a member of the organization.");
}

/** What webhooks are told of a new key: never its secret. */
const told = ({ workspaceId }: Context, { id, name, expiresAt }: NewKey, successorOf: Id<"key"> | null) => ({
  key_id: id,
  name,
  workspace_id: workspaceId,
  successor_of: successorOf,
  expires_at: expiresAt?.toISOString() ?? null,
});

const ended = ({ workspaceId }: Context, { id, name }: Row, reason: "revoked" | "rotated" | "leaked") => ({
  key_id: id,
  name,
  workspace_id: workspaceId,
  reason,
});

/** Everyone who opens a page can read its key, so such a key does little, and works from known pages only. */
async function checkForWebPages(ctx: Context, scopes: readonly string[]): Promise<void> {
  const [refused] = scopes.filter((scope) => !isForWebPages(scope));
  if (refused) {
    const message = `A key for web pages can only ask models and list them; take out ${refused}.`;
    throw new AppError("invalid", message, { code: "scope_not_for_web_pages", fields: { scopes: [message] } });
  }
  const here = eq(organizations.id, ctx.organizationId);
  const [row] = await ctx.db.select({ origins: organizations.webOrigins }).from(organizations).where(here);
  if (row && row.origins.length > 0) return;
  const message =
    "The organization has no origin for web pages yet. An organization admin adds one under Organization, Settings, Web pages.";
  throw new AppError("conflict", message, { code: "no_web_origin", fields: { browser: [message] } });
}

/** T-4.2.1-KEY1: the secret is returned once and stored only as a keyed hash. */
export const createKey = command({
  can: "keys.write",
  within: "workspace",
  input: createKeyInput,
  run: async (ctx, input, owner?: Id<"user">): Promise<NewKey> => {
    return transaction(ctx, async (ctx) => {
      const { name, scopes, models, addresses, expiresInDays: lifetimeDays, monthlyLimit } = input;
      const { isService = false, browser = false } = input;
      const purpose = isService ? "service" : "api";
      if (isService) authorize(ctx.actor, "keys.write-any");
      if (browser) await checkForWebPages(ctx, scopes);
      const rights = { name, scopes, models, addresses, browser, lifetimeDays, purpose } as const;
      const made = await insert(ctx, { ...rights, ownerId: ownerOf(ctx, owner, isService) });
      await writeAudit(ctx, {
        action: "api_key.create",
        object: { type: "key", id: made.id },
        after: { name, scopes, models, addresses, browser, purpose, expiresAt: made.expiresAt },
        clause: "T-4.2.1-KEY1",
      });
      await publishWebhookEvent(ctx, "api_key.created", told(ctx, made, null));
      if (monthlyLimit != null) await setKeyLimit(ctx, { id: made.id, period: "month", limit: monthlyLimit });
      return made;
    });
  },
});

async function changeable(ctx: Context, id: Id<"key">): Promise<Row> {
  const [row] = await ctx.db
    .select()
    .from(keys)
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        eq(keys.workspaceId, ctx.workspaceId),
        eq(keys.id, id),
        ne(keys.purpose, "playground"),
      ),
    )
    .for("update");
  if (!row) throw new AppError("not_found", "There is no such key in this workspace.");
  const user = ctx.actor.kind === "user" ? ctx.actor.id : "";
  if (!mayChange(ctx.actor.permissions, user, { ownerId: row.ownerId, isService: row.purpose === "service" })) {
    throw new AppError(
      "forbidden",
      "Only its owner, or someone who may change any key of the workspace, can change this key.",
    );
  }
  return row;
}

/** The person who is shown what a command makes; none at the terminal, where only the operator looks. */
function personShown({ actor }: Context): string | null {
  if (actor.kind === "system") return null;
  return actor.kind === "key" ? actor.ownerId : actor.id;
}

function isShownToOwner(ctx: Context, { ownerId, purpose }: Row): boolean {
  const person = personShown(ctx);
  return person === null || maySucceed(person, { ownerId, isService: purpose === "service" });
}

const where = (row: Row) => and(eq(keys.organizationId, row.organizationId), eq(keys.id, row.id));

/**
 * Makes a successor with the same rights; the old key stays good until the grace ends. The successor acts as the owner,
 * so only the owner can ask for it.
 */
export const rotateKey = command({
  can: "keys.write",
  within: "workspace",
  input: rotateKeyInput,
  // Without a grace the old key ends at once, as when it is revoked.
  stepUp: async (_ctx, { grace }) => (grace === "none" ? "key.end" : null),
  run: async (ctx, { id, grace }): Promise<RotatedKey> => {
    return transaction(ctx, async (ctx) => {
      const old = await changeable(ctx, id);
      if (!isShownToOwner(ctx, old)) {
        throw new AppError(
          "forbidden",
          "Only its owner can rotate this key: the new one acts as them. You may end it.",
          {
            code: "key_of_another_person",
          },
        );
      }
      if (stateOf(old, ctx.now) === "revoked" || stateOf(old, ctx.now) === "expired") {
        throw new AppError("conflict", "This key has already ended. Create a new one instead.");
      }
      if (old.successorId) throw new AppError("conflict", "This key was already rotated; rotate its successor.");
      const made = await insertSuccessor(ctx, old);
      const oldEndsAt = graceEnd(old, grace, ctx.now);
      const end = grace === "none" ? { revokedAt: ctx.now, revokedReason: "rotated" as const } : {};
      await ctx.db
        .update(keys)
        .set({ successorId: made.id, expiresAt: oldEndsAt, ...end })
        .where(where(old));
      await keepExpiry(ctx, id, oldEndsAt);
      await writeAudit(ctx, {
        action: "api_key.rotate",
        object: { type: "key", id },
        before: { expiresAt: old.expiresAt },
        after: { successor: made.id, expiresAt: oldEndsAt },
        clause: "T-4.2.1-KEY2",
      });
      await publishWebhookEvent(ctx, "api_key.created", told(ctx, made, id));
      if (grace === "none") await publishWebhookEvent(ctx, "api_key.revoked", ended(ctx, old, "rotated"));
      return { ...made, oldEndsAt };
    });
  },
});

/** A successor has the same rights, owner and limits, and lives as long as the old key was made to live. */
async function insertSuccessor(ctx: Context, old: Row): Promise<NewKey> {
  const { name, scopes, models, addresses, browser, ownerId, lifetimeDays, purpose } = old;
  const rights = { name, scopes, models, addresses, browser, ownerId, lifetimeDays, purpose };
  const made = await insert(ctx, { ...rights, rootId: old.rootId ?? old.id });
  await copyKeyLimits(ctx, { from: old.id, to: made.id });
  if (purpose === "service") await copyGrants(ctx, old.id, made.id);
  return made;
}

/** The agents that were shared with a service key are shared with the one that takes its place. */
async function copyGrants(ctx: Context, from: Id<"key">, subjectId: Id<"key">): Promise<void> {
  const granted = and(eq(agentGrants.organizationId, ctx.organizationId), eq(agentGrants.subjectId, from));
  const grants = await ctx.db.select().from(agentGrants).where(granted);
  const copies = grants.map((grant) => ({ ...grant, subjectId, createdAt: ctx.now }));
  if (copies.length > 0) await ctx.db.insert(agentGrants).values(copies);
}

/** Ends a key; every process refuses it in under a second. Ending it again changes nothing. */
export const revokeKey = command({
  can: "keys.write",
  within: "workspace",
  input: revokeKeyInput,
  stepUp: "key.end",
  run: async (ctx, { id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const old = await changeable(ctx, id);
      if (old.revokedAt) return;
      await ctx.db.update(keys).set({ revokedAt: ctx.now, revokedReason: "revoked" }).where(where(old));
      await keepExpiry(ctx, id, null);
      await writeAudit(ctx, {
        action: "api_key.revoke",
        object: { type: "key", id },
        after: { revokedAt: ctx.now },
        clause: "T-4.2.1-KEY2",
      });
      await publishWebhookEvent(ctx, "api_key.revoked", ended(ctx, old, "revoked"));
    });
  },
});

/** Ends several keys, all or none. */
export const revokeKeys = command({
  can: "keys.write",
  within: "workspace",
  input: revokeKeysInput,
  stepUp: "key.end",
  run: async (ctx, { ids }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      // In one order, so that two people who end the same keys wait for each other and not in a circle.
      for (const id of [...new Set(ids)].toSorted()) await revokeKey(ctx, { id });
    });
  },
});

/** T-4.2.1-KEY4: a leaked key is revoked at once. Its owner gets a successor, so that work can go on; nobody else does. */
export const reportLeakedKey = command({
  can: "keys.write",
  within: "workspace",
  input: reportKeyInput,
  stepUp: "key.end",
  run: async (ctx, { id }): Promise<NewKey | null> => {
    return transaction(ctx, async (ctx) => {
      const old = await changeable(ctx, id);
      if (old.revokedReason === "leaked") {
        throw new AppError("conflict", "This key is already reported.");
      }
      const made = isShownToOwner(ctx, old) ? await insertSuccessor(ctx, old) : null;
      const revokedAt = old.revokedAt ?? ctx.now;
      const successorId = made?.id ?? old.successorId;
      await ctx.db.update(keys).set({ revokedAt, revokedReason: "leaked", successorId }).where(where(old));
      await keepExpiry(ctx, id, null);
      await writeAudit(ctx, {
        action: "api_key.report_leaked",
        object: { type: "key", id },
        before: { revokedAt: old.revokedAt, successor: old.successorId },
        after: { revokedAt, successor: successorId },
        clause: "T-4.2.1-KEY4",
      });
      if (made) await publishWebhookEvent(ctx, "api_key.created", told(ctx, made, id));
      if (!old.revokedAt) await publishWebhookEvent(ctx, "api_key.revoked", ended(ctx, old, "leaked"));
      return made;
    });
  },
});
