import type { ReactNode } from "react";
import { open } from "#app/(console)/[workspace]/chat/actions.ts";
import {
  aboutChat,
  ChatFrame,
  type ListState,
  listState,
  Retention,
  ZeroRetention,
} from "#app/(console)/[workspace]/chat/frame.tsx";
import { type Partners, partnersOf } from "#app/(console)/[workspace]/chat/partners.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { Chat } from "#components/chat/chat.tsx";
import { itemsOf } from "#components/chat/chat-items.ts";
import { conversationTitle } from "#components/chat/conversation-title.ts";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { type Conversation, conversationOf, entriesOf } from "#lib/domain/conversations/queries.ts";
import { mayKeep } from "#lib/domain/retention/queries.ts";
import { Branches } from "./branches.tsx";
import { ConversationHead } from "./head.tsx";

const conversationPage = page({
  can: "conversations.use",
  title: "Chat",
  description: aboutChat,
  width: "table",
  load: async (ctx, { params: { conversation: id = "" } }) => {
    if (!(await mayKeep(ctx, "conversations"))) return null;
    const conversation = await conversationOf(ctx, id);
    const [entries, partners] = await Promise.all([entriesOf(ctx, id), partnersOf(ctx)]);
    return { conversation, entries, partners, reason: await whyClosed(ctx, conversation, partners.models) };
  },
  // A browser keeps titles on its disk, and a conversation is called what was asked in it.
  name: (kept) => (kept ? "Conversation" : undefined),
  head: () => ({ title: "Chat" }),
  view: (kept, ctx, { search }) =>
    kept ? <OneConversation {...kept} ctx={ctx} list={listState(search)} /> : <ZeroRetention />,
});

export const { generateMetadata } = conversationPage;
export default conversationPage.default;

type Props = {
  ctx: Context;
  conversation: Conversation;
  entries: Awaited<ReturnType<typeof entriesOf>>;
  partners: Partners;
  /** Why it cannot go on. */
  reason: string | null;
  list: ListState;
};

function OneConversation({ ctx, conversation, entries, partners, reason, list }: Props) {
  const { options, agents, names } = partners;
  const base = `/${ctx.workspaceId}/chat`;
  const { agentId, model } = conversation;
  const partner = agentId ? (`agent:${agentId}` as const) : (`model:${model ?? ""}` as const);
  const partnerName = agentId ? (names[agentId] ?? "An agent you cannot see any more") : (model ?? "");
  return (
    <ChatFrame ctx={ctx} list={list} names={names} current={conversation.id}>
      <ConversationHead
        id={conversation.id}
        title={conversationTitle(conversation)}
        partner={partnerName}
        base={base}
        entries={entries.length}
      />
      <Branches ctx={ctx} conversation={conversation} />
      <Chat
        key={conversation.id}
        base={base}
        conversation={{ id: conversation.id, count: entries.length, partner }}
        items={itemsOf(entries)}
        partners={options}
        partner={partner}
        agents={agents}
        names={names}
        logsHref={can(ctx.actor, "requests.read") ? `/${ctx.workspaceId}/logs` : undefined}
        closed={reason ? <Closed base={base}>{reason}</Closed> : undefined}
        foot={<Retention ctx={ctx} />}
        open={open}
      />
    </ChatFrame>
  );
}

const Closed = ({ base, children }: { base: string; children: ReactNode }) => (
  <Notice tone="warn" title="This conversation cannot go on" action={<LinkButton href={base}>New chat</LinkButton>}>
    {children} What was said stays until you delete it.
  </Notice>
);

/** Why no one answers here any more; null where a person does. */
async function whyClosed(ctx: Context, { agentId, model }: Conversation, models: string[]): Promise<string | null> {
  if (!agentId) return models.includes(model ?? "") ? null : `The model ${model} is not offered any more.`;
  try {
    await agentOf(ctx, agentId, "use");
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
