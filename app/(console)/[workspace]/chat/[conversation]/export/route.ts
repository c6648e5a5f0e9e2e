import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { conversationTitle } from "#components/chat/conversation-title.ts";
import type { Context } from "#lib/core/context.ts";
import { agentsOf } from "#lib/domain/agents/queries.ts";
import { receiptsOf } from "#lib/domain/agents/receipts/queries.ts";
import { type Conversation, conversationOf, entriesOf } from "#lib/domain/conversations/queries.ts";
import type { Entry } from "#lib/domain/conversations/rules.ts";
import { markdownOf } from "./markdown.ts";

type Props = { params: Promise<{ workspace: string; conversation: string }> };

/** The conversation as a file to keep: to read, or whole, as programs get it. */
export const GET = (request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, conversation: id } = await params;
    const ctx = await workspaceContext(workspace);
    const conversation = await conversationOf(ctx, id);
    const entries = (await entriesOf(ctx, id)).map(({ entry }) => entry);
    const isJson = new URL(request.url).searchParams.get("format") === "json";
    const text = isJson ? jsonOf(conversation, entries) : await readable(ctx, conversation, entries);
    return new Response(text, {
      headers: {
        "content-type": `${isJson ? "application/json" : "text/markdown"}; charset=utf-8`,
        "content-disposition": `attachment; filename="conversation-${id.slice(-8)}.${isJson ? "json" : "md"}"`,
        "cache-control": "no-store",
      },
    });
  });

function jsonOf(conversation: Conversation, entries: readonly Entry[]): string {
  const { id, name, model, agentId, agentVersion, parentId, parentEntryId, metadata, createdAt } = conversation;
  const file = {
    object: "conversation.history",
    conversation_id: id,
    name,
    model,
    agent_id: agentId,
    agent_version: agentVersion,
    parent_id: parentId,
    parent_entry_id: parentEntryId,
    metadata,
    created_at: createdAt.toISOString(),
    entries,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

async function readable(ctx: Context, conversation: Conversation, entries: readonly Entry[]): Promise<string> {
  const [agents, receipts] = await Promise.all([agentsOf(ctx), receiptsOf(ctx)]);
  const names = Object.fromEntries([
    ...receipts.map(({ agentId, name }) => [agentId, name]),
    ...agents.map(({ id, name }) => [id, name]),
  ]);
  return markdownOf(conversationTitle(conversation), entries, names);
}
