import { open } from "#app/(console)/[workspace]/chat/actions.ts";
import {
  aboutChat,
  ChatFrame,
  type ListState,
  listState,
  NobodyAnswers,
  Retention,
  ZeroRetention,
} from "#app/(console)/[workspace]/chat/frame.tsx";
import { type Partners, partnersOf } from "#app/(console)/[workspace]/chat/partners.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { Chat } from "#components/chat/chat.tsx";
import type { PartnerValue } from "#components/chat/chat-requests.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { mayKeep } from "#lib/domain/retention/queries.ts";

const chat = page({
  can: "conversations.use",
  title: "Chat",
  description: aboutChat,
  width: "table",
  load: async (ctx) => ((await mayKeep(ctx, "conversations")) ? partnersOf(ctx) : null),
  view: (partners, ctx, { search: { agent, ...list } }) =>
    partners ? (
      <NewChat ctx={ctx} partners={partners} list={listState(list)} wanted={agent ? `agent:${agent}` : undefined} />
    ) : (
      <ZeroRetention />
    ),
});

export const { generateMetadata } = chat;
export default chat.default;

type NewChatProps = { ctx: Context; partners: Partners; list: ListState; wanted: string | undefined };

function NewChat({ ctx, partners: { options, agents, names }, list, wanted }: NewChatProps) {
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
