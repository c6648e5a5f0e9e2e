import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { conversationEntries, conversations, type EntryId, responses } from "#db/schema/conversations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { openLasting } from "#lib/core/keyring/lasting.ts";
import { conversationKey, mine } from "#lib/domain/conversations/queries.ts";
import type { Entry } from "#lib/domain/conversations/rules.ts";
import type { KeptResponse, ResponseContent } from "./view.ts";

/** What it takes to find a conversation's key. */
const conversation = { id: conversations.id, key: conversations.key };

/** One response of one's own; anyone else's is not there. */
export async function responseOf(ctx: Context, id: string): Promise<KeptResponse> {
  authorize(ctx.actor, "conversations.use");
  const [found] = await responsesWhere(ctx, eq(responses.id, id as Id<"response">));
  if (!found) throw noResponse(id);
  return found;
}

/** A response and those it went on from, the first one first. */
export async function chainOf(ctx: Context, id: string): Promise<KeptResponse[]> {
  authorize(ctx.actor, "conversations.use");
  const inChain = sql`${responses.id} in (with recursive chain as (
    select ${responses.id}, ${responses.previousId} from ${responses}
      where ${responses.organizationId} = ${ctx.organizationId} and ${responses.id} = ${id}
    union select before.id, before.previous_id from responses before join chain on before.id = chain.previous_id
      where before.organization_id = ${ctx.organizationId}) select id from chain)`;
  const found = new Map((await responsesWhere(ctx, inChain)).map((one) => [one.id, one]));
  const chain: KeptResponse[] = [];
  for (let next: Id<"response"> | null = id as Id<"response">; next; ) {
    const response: KeptResponse | undefined = found.get(next);
    if (!response) throw noResponse(next);
    chain.unshift(response);
    next = response.previousId;
  }
  return chain;
}

/** Whether another response already goes on from this one. */
export async function isContinued(ctx: Context, id: Id<"response">): Promise<boolean> {
  authorize(ctx.actor, "conversations.use");
  const [next] = await responsesWhere(ctx, eq(responses.previousId, id), 1);
  return next !== undefined;
}

/** Entries of one's own conversations, by their ids. */
export async function entriesNamed(ctx: Context, ids: readonly string[]): Promise<Map<string, Entry>> {
  authorize(ctx.actor, "conversations.use");
  const { sealed, id } = conversationEntries;
  const rows = await ctx.db
    .select({ sealed, id, conversation })
    .from(conversationEntries)
    .innerJoin(
      conversations,
      and(
        eq(conversations.organizationId, conversationEntries.organizationId),
        eq(conversations.id, conversationEntries.conversationId),
      ),
    )
    .where(
      and(
        mine(ctx),
        eq(conversationEntries.organizationId, ctx.organizationId),
        inArray(conversationEntries.id, ids as EntryId[]),
      ),
    );
  const found = rows.map(async ({ sealed, id, conversation }) => {
    return [id, openLasting<Entry>(await conversationKey(conversation), sealed, id)] as const;
  });
  return new Map(await Promise.all(found));
}

async function responsesWhere(ctx: Context, condition: SQL, limit = 10_000): Promise<KeptResponse[]> {
  const { id, conversationId, previousId, sealed } = responses;
  const rows = await ctx.db
    .select({ id, conversationId, previousId, sealed, conversation })
    .from(responses)
    .innerJoin(
      conversations,
      and(eq(conversations.organizationId, responses.organizationId), eq(conversations.id, responses.conversationId)),
    )
    .where(and(mine(ctx), eq(responses.organizationId, ctx.organizationId), condition))
    .limit(limit);
  return Promise.all(
    rows.map(async ({ sealed, conversation, ...row }) => ({
      ...row,
      ...openLasting<ResponseContent>(await conversationKey(conversation), sealed, row.id),
    })),
  );
}

const noResponse = (id: string): AppError =>
  new AppError("not_found", `There is no response ${id}. It may have been deleted, or was not stored.`, {
    code: "response_not_found",
  });
