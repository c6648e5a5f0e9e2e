import type { ReactNode } from "react";
import { enter } from "#app/doors/workspace-page.tsx";
import { AgreeForm } from "#components/account/agree-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { documentFor, hasAgreed } from "#lib/domain/terms/queries.ts";
import { agree } from "./terms/actions.ts";

type Props = { params: Promise<{ workspace: string }>; children: ReactNode };

/** T-4.3-SHARE1: the person who uses agents through the chat has agreed to its terms; programs need not. */
export default async function ChatLayout({ params, children }: Props) {
  const ctx = await enter((await params).workspace);
  if (!can(ctx.actor, "conversations.use") || (await hasAgreed(ctx, "chat"))) return children;
  const terms = await documentFor(ctx, "chat");
  return (
    <Page width="form">
      <PageHeader title="Chat" description="Talk to models, and to the agents that are shared with you." />
      <Card title="Before you begin" description="The chat has terms of its own. You agree for yourself, once.">
        <AgreeForm workspaceId={ctx.workspaceId} terms={terms} kind="chat" agree={agree} />
      </Card>
    </Page>
  );
}
