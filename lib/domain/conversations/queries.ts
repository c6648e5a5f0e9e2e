import { and, asc, desc, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import type { Sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import {
  type ConversationAbout,
  type ConversationSettings,
  conversationEntries,
  conversations,
} from "#db/schema/conversations.ts";
import { keys } from "#db/schema/keys.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { contains } from "#lib/core/containment.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { type LastingKey, lastingKey, openLasting, sealLasting } from "#lib/core/keyring/lasting.ts";
import type { Entry } from "./rules.ts";
import type { KeptEntry } from "./view.ts";

type Row = typeof conversations.$inferSelect;

/** A conversation as its owner reads it. */
export type Conversation = Omit<Row, "key" | "about" | "setup" | "unsealed"> &
  ConversationAbout & { settings: ConversationSettings | null };

/** The key that all of a conversation is sealed under. */
export const conversationKey = ({ id, key }: Pick<Row, "id" | "key">): Promise<LastingKey> =>
  key ? lastingKey(key, id) : Promise.reject(new Fault("A conversation has no key."));

async function opened({ key: wrapped, about, setup, unsealed: _, ...row }: Row): Promise<Conversation> {
  const key = await conversationKey({ id: row.id, key: wrapped });
  return { ...row, ...aboutOf(key, row.id, about), settings: setup && openLasting(key, setup, `${row.id} setup`) };
}

function aboutOf(key: LastingKey, id: Id<"conversation">, about: Sealed | null): ConversationAbout {
  if (!about) throw new Fault("A conversation is not sealed.");
  return openLasting(key, about, `${id} about`);
}

/** What of a conversation is sealed, as it lies in the database. */
export function sealedParts(key: LastingKey, conversation: Pick<Conversation, "id" | "settings"> & ConversationAbout) {
  const { id, name, description, metadata, settings } = conversation;
  const about: ConversationAbout = { name, description, metadata };
  return {
    key: key.wrapped,
    about: sealLasting(key, about, `${id} about`),
    setup: settings && sealLasting(key, settings, `${id} setup`),
  };
}

/** Whose conversations a person has: a person their own, through whichever key, and a service key its own. */
export function conversationOwner({ actor }: Context): Id<"user"> | Id<"key"> {
  if (actor.kind === "user") return actor.id;
  if (actor.kind === "key") return actor.isService ? (actor.id as Id<"key">) : actor.ownerId;
  throw new AppError("forbidden", "Conversations belong to people and to service keys.");
}

/** A service key has also what the keys had whose place it took. */
function owned(ctx: Context): SQL {
  const owner = conversationOwner(ctx);
  if (ctx.actor.kind !== "key" || !ctx.actor.isService) return eq(conversations.ownerId, owner);
  return sql`${conversations.ownerId} in (with recursive family as (
    select ${owner}::text as id
    union select ${keys.id} from ${keys} join family on ${keys.successorId} = family.id
      where ${keys.organizationId} = ${ctx.organizationId}) select id from family)`;
}

/** Which conversations are one's own. */
export const mine = (ctx: Context, id?: Id<"conversation">): SQL | undefined =>
  and(
    eq(conversations.organizationId, ctx.organizationId),
    eq(conversations.workspaceId, ctx.workspaceId),
    owned(ctx),
    id && eq(conversations.id, id),
  );

export type ConversationFilter = {
  search?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
  /** In which order: what was last said in, or as they began. */
  order?: "recent" | "created" | undefined;
};

/** A person's conversations in the workspace. Names are searched; what was said is not. */
export async function conversationsOf(ctx: Context, filter: ConversationFilter = {}): Promise<Conversation[]> {
  authorize(ctx.actor, "conversations.use");
  const { search, metadata, offset = 0, limit = 100, order = "recent" } = filter;
  const asked = search || metadata ? await matching(ctx, filter) : null;
  if (asked?.length === 0) return [];
  const rows = await ctx.db
    .select()
    .from(conversations)
    .where(and(mine(ctx), asked ? inArray(conversations.id, asked) : undefined))
    .orderBy(
      ...(order === "recent" ? [desc(conversations.updatedAt), desc(conversations.id)] : [desc(conversations.id)]),
    )
    .offset(offset)
    .limit(limit);
  return Promise.all(rows.map(opened));
}

/** How many are opened before others get a turn. */
const atOnce = 250;

/** The database cannot look into what is sealed, so a person's names are opened and looked through here. */
async function matching(ctx: Context, { search = "", metadata }: ConversationFilter): Promise<Id<"conversation">[]> {
  const { id, key, about } = conversations;
  const rows = await ctx.db.select({ id, key, about }).from(conversations).where(mine(ctx));
  const words = search.toLowerCase();
  const found: Id<"conversation">[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % atOnce === atOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    const said = aboutOf(await conversationKey(row), row.id, row.about);
    if ((said.name ?? "").toLowerCase().includes(words) && (!metadata || contains(said.metadata, metadata)))
      found.push(row.id);
  }
  return found;
}

/** One conversation of one's own; anyone else's is not there. */
export async function conversationOf(ctx: Context, id: string): Promise<Conversation> {
  authorize(ctx.actor, "conversations.use");
  const [row] = await ctx.db
    .select()
    .from(conversations)
    .where(mine(ctx, id as Id<"conversation">));
  if (!row) throw noConversation();
  return opened(row);
}

export const noConversation = (): AppError =>
  new AppError("not_found", "There is no such conversation. It may have been deleted, or was not kept.", {
    code: "conversation_not_found",
  });

/** Everything said in a conversation, in order. */
export async function entriesOf(ctx: Context, id: string): Promise<KeptEntry[]> {
  authorize(ctx.actor, "conversations.use");
  const [conversation] = await ctx.db
    .select({ id: conversations.id, key: conversations.key })
    .from(conversations)
    .where(mine(ctx, id as Id<"conversation">));
  if (!conversation) throw noConversation();
  const key = await conversationKey(conversation);
  const {
    sealed,
    id: entryId,
    requestId,
    promptTokens,
    completionTokens,
    costPico,
  } = getTableColumns(conversationEntries);
  const rows = await ctx.db
    .select({ sealed, entryId, requestId, promptTokens, completionTokens, costPico })
    .from(conversationEntries)
    .where(
      and(
        eq(conversationEntries.organizationId, ctx.organizationId),
        eq(conversationEntries.conversationId, conversation.id),
      ),
    )
    .orderBy(asc(conversationEntries.position));
  return rows.map(({ sealed, entryId, ...row }) => ({ ...row, entry: openLasting<Entry>(key, sealed, entryId) }));
}

/** The conversations that were branched from one, in the order they were. */
export async function branchesOf(ctx: Context, id: string): Promise<Conversation[]> {
  authorize(ctx.actor, "conversations.use");
  const rows = await ctx.db
    .select()
    .from(conversations)
    .where(and(mine(ctx), eq(sql`${conversations.parentId}`, id)))
    .orderBy(asc(conversations.id));
  return Promise.all(rows.map(opened));
}
