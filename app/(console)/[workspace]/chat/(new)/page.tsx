import type { Metadata } from "next";
import { open } from "#app/(console)/[workspace]/chat/actions.ts";
import {
  ChatFrame,
  ChatPage,
  type ListState,
  listState,
  NobodyAnswers,
  Retention,
} from "#app/(console)/[workspace]/chat/frame.tsx";
import { partnersOf } from "#app/(console)/[workspace]/chat/partners.ts";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { Chat } from "#components/chat/chat.tsx";
import type { PartnerValue } from "#components/chat/chat-requests.ts";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";

export const metadata: Metadata = { title: "Chat" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function NewChatPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const asked = await firstOf(searchParams);
  if (!can(ctx.actor, "conversations.use")) {
    return (
      <Page width="table">
        <PageHeader title="Chat" description="Conversations with models and agents." />
        <Refused ctx={ctx} permission="conversations.use" />
      </Page>
    );
  }
  return (
    <ChatPage ctx={ctx}>
      {() => NewChat({ ctx, list: listState(asked), wanted: asked.agent ? `agent:${asked.agent}` : undefined })}
    </ChatPage>
  );
}

async function NewChat({ ctx, list, wanted }: { ctx: Context; list: ListState; wanted: string | undefined }) {
  const { options, agents, names } = await partnersOf(ctx);
  const first = options.find(({ value }) => value === wanted) ?? options[0];
  return (
    <ChatFrame ctx={ctx} list={list} names={names}>
      {first ? (
        <Chat
          key={first.value}
          base={`/${ctx.workspaceId}/chat`}
          conversation={null}
          items={nothing}
          partners={options}
          partner={first.value as PartnerValue}
          agents={agents}
          names={names}
          logsHref={can(ctx.actor, "requests.read") ? `/${ctx.workspaceId}/logs` : undefined}
          foot={<Retention ctx={ctx} />}
          open={open}
        />
      ) : (
        <NobodyAnswers />
      )}
    </ChatFrame>
  );
}

const nothing = [] as const;
