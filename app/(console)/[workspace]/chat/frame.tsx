import { MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import { ConversationList } from "#components/chat/conversation-list.tsx";
import { conversationTitle } from "#components/chat/conversation-title.ts";
import type { AgentNames } from "#components/chat/maker-words.ts";
import { classes } from "#components/ui/classes.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Context } from "#lib/core/context.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import { conversationsOf } from "#lib/domain/conversations/queries.ts";

export type ListState = { search: string | undefined; show: number };
export const step = 30;
export const aboutChat = "Conversations with models and agents. Only you see yours.";

/** What the address says of the list. */
export function listState({ q, show }: Record<string, string | undefined>): ListState {
  const asked = Number(show);
  return { search: q?.trim().slice(0, 100) || undefined, show: asked > step && asked <= 3000 ? asked : step };
}

type Props = {
  ctx: Context;
  list: ListState;
  names: AgentNames;
  /** The conversation in sight. */
  current?: string;
  children: ReactNode;
};

/** The chat: conversations at the left, one of them beside; on a narrow screen one after the other. */
export async function ChatFrame({ ctx, list: { search, show }, names, current, children }: Props) {
  const base = `/${ctx.workspaceId}/chat`;
  const found = await conversationsOf(ctx, { search, limit: show + 1 });
  const rows = found.slice(0, show).map((row) => ({
    id: row.id,
    title: conversationTitle(row),
    with: row.agentId ? (names[row.agentId] ?? "An agent you cannot see any more") : (row.model ?? ""),
    updatedAt: row.updatedAt,
    isBranch: row.parentId !== null || row.metadata?.branched_from !== undefined,
  }));
  return (
    <div className="grid gap-6 lg:grid-cols-[260px_minmax(0,1fr)]">
      <div className={classes("min-w-0 max-lg:order-last", current && "max-lg:hidden")}>
        <ConversationList
          base={base}
          rows={rows}
          current={current}
          search={search}
          olderHref={found.length > show ? olderHref(current ? `${base}/${current}` : base, search, show) : undefined}
          now={ctx.now}
        />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        {current ? (
          <p className="text-ui lg:hidden">
            <TextLink href={base} look="quiet">
              All conversations
            </TextLink>
          </p>
        ) : null}
        {children}
      </div>
    </div>
  );
}

const olderHref = (path: string, search: string | undefined, show: number): string =>
  `${path}?${new URLSearchParams({ ...(search && { q: search }), show: String(show + step) })}`;

/** Instead of the chat where nothing may be kept. */
export const ZeroRetention = () => (
  <Notice tone="warn" title="No conversations under zero retention">
    Conversations are kept, and nothing of this organization may be. The playground and the API answer without keeping
    anything.
  </Notice>
);

export const NobodyAnswers = () => (
  <EmptyState icon={MessagesSquare} title="Nobody can answer">
    Whoever runs this platform has not connected an inference server, or its models have no price yet.
  </EmptyState>
);

/** Under which retention a conversation is kept, and whether it may train models. */
export async function Retention({ ctx }: { ctx: Context }) {
  const plan = await currentPlan(ctx);
  return (
    <p>
      Kept, sealed, until you delete it. The log's own copy of each message is kept for 30 days, to look into abuse.{" "}
      {plan === "free"
        ? "On the free plan prompts and answers may be used to train models (T-4.2.2.1-D1 of "
        : "It is never used to train models (T-4.2.2.2-D1 of "}
      <TextLink href="/legal/terms">the Terms</TextLink>).
    </p>
  );
}
