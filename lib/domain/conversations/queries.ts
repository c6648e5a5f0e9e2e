import { and, asc, desc, eq, getTableColumns, ilike, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { conversationEntries, conversations } from "#db/schema/conversations.ts";
import { keys } from "#db/schema/keys.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing } from "#lib/core/list/like.ts";
import { open } from "#lib/core/secrets.ts";
import type { KeptEntry } from "./view.ts";

export type Conversation = typeof conversations.$inferSelect;

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

/** A person's conversations in the workspace. Names are searched; what was said is sealed and cannot be. */
export async function conversationsOf(ctx: Context, filter: ConversationFilter = {}): Promise<Conversation[]> {
  authorize(ctx.actor, "conversations.use");
  const { search, metadata, offset = 0, limit = 100, order = "recent" } = filter;
  return ctx.db
    .select()
    .from(conversations)
    .where(
      and(
        mine(ctx),
        search ? ilike(conversations.name, containing(search)) : undefined,
        metadata && sql`${conversations.metadata} @> ${JSON.stringify(metadata)}::text::jsonb`,
      ),
    )
    .orderBy(
      ...(order === "recent" ? [desc(conversations.updatedAt), desc(conversations.id)] : [desc(conversations.id)]),
    )
    .offset(offset)
    .limit(limit);
}

/** One conversation of one's own; anyone else's is not there. */
export async function conversationOf(ctx: Context, id: string): Promise<Conversation> {
  authorize(ctx.actor, "conversations.use");
  const [row] = await ctx.db
    .select()
    .from(conversations)
    .where(mine(ctx, id as Id<"conversation">));
  if (!row) throw noConversation();
  return row;
}

export const noConversation = (): AppError =>
  new AppError("not_found", "There is no such conversation. It may have been deleted, or was not kept.", {
    code: "conversation_not_found",
  });

/** Everything said in a conversation, in order. */
export async function entriesOf(ctx: Context, id: string): Promise<KeptEntry[]> {
  authorize(ctx.actor, "conversations.use");
  const conversation = await conversationOf(ctx, id);
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
  return rows.map(({ sealed, entryId, ...row }) => ({ ...row, entry: JSON.parse(open(sealed, entryId).toString()) }));
}

/** The conversations that were branched from one, in the order they were. */
export async function branchesOf(ctx: Context, id: string): Promise<Conversation[]> {
  authorize(ctx.actor, "conversations.use");
  return ctx.db
    .select()
    .from(conversations)
    .where(and(mine(ctx), eq(sql`${conversations.parentId}`, id)))
    .orderBy(asc(conversations.id));
}
