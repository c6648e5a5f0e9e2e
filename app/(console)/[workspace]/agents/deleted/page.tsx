import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { ReceiptList } from "#components/agents/receipt-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { receiptsOf } from "#lib/domain/agents/receipts/queries.ts";

export const metadata: Metadata = { title: "Deleted agents" };

/** T-4.3-DEL1: what was removed, by which person and when. */
export default async function DeletedAgentsPage({ params }: { params: Promise<{ workspace: string }> }) {
  const ctx = await enter(params);
  return (
    <Page width="table">
      <PageHeader
        title="Deleted agents"
        description="A receipt for each: deleting removes an agent at once and for good."
        action={<LinkButton href={`/${ctx.workspaceId}/agents`}>All agents</LinkButton>}
      />
      {can(ctx.actor, "agents.read") ? <Receipts ctx={ctx} /> : <Refused ctx={ctx} permission="agents.read" />}
    </Page>
  );
}

async function Receipts({ ctx }: { ctx: Context }) {
  const receipts = await receiptsOf(ctx);
  if (receipts.length > 0) return <ReceiptList receipts={receipts} now={ctx.now} />;
  return (
    <EmptyState icon={Trash2} title="No agent was deleted">
      When one is, a receipt here says what was removed, by whom and when.
    </EmptyState>
  );
}
