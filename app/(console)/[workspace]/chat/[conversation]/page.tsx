import type { Metadata } from "next";
import type { ReactNode } from "react";
import { open } from "#app/(console)/[workspace]/chat/actions.ts";
import { ChatFrame, ChatPage, type ListState, listState, Retention } from "#app/(console)/[workspace]/chat/frame.tsx";
import { partnersOf } from "#app/(console)/[workspace]/chat/partners.ts";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { found } from "#app/(console)/found.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { Chat } from "#components/chat/chat.tsx";
import { itemsOf } from "#components/chat/chat-items.ts";
import { conversationTitle } from "#components/chat/conversation-title.ts";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { type Conversation, conversationOf, entriesOf } from "#lib/domain/conversations/queries.ts";
import { Branches } from "./branches.tsx";
import { ConversationHead } from "./head.tsx";

export const metadata: Metadata = { title: "Conversation" };

type Props = { params: Promise<{ workspace: string; conversation: string }>; searchParams: SearchParams };

export default async function ConversationPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const { conversation } = await params;
  const list = listState(await firstOf(searchParams));
  if (!can(ctx.actor, "conversations.use")) {
    return (
      <Page width="table">
        <PageHeader title="Chat" description="Conversations with models and agents." />
        <Refused ctx={ctx} permission="conversations.use" />
      </Page>
    );
  }
  return <ChatPage ctx={ctx}>{() => OneConversation({ ctx, id: conversation, list })}</ChatPage>;
}

async function OneConversation({ ctx, id, list }: { ctx: Context; id: string; list: ListState }) {
  const conversation = await found(conversationOf(ctx, id));
  const [entries, { options, agents, names, models }] = await Promise.all([entriesOf(ctx, id), partnersOf(ctx)]);
  const base = `/${ctx.workspaceId}/chat`;
  const reason = await whyClosed(ctx, conversation, models);
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
