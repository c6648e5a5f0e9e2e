import { Trash2 } from "lucide-react";
import { page } from "#app/doors/workspace-page.tsx";
import { ReceiptList } from "#components/agents/receipt-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { receiptsOf } from "#lib/domain/agents/receipts/queries.ts";

/** T-4.3-DEL1: what was removed, by which person and when. */
const deleted = page({
  can: "agents.read",
  title: "Deleted agents",
  description: "A receipt for each: deleting removes an agent at once and for good.",
  width: "table",
  load: receiptsOf,
  head: (_, ctx) => ({ action: <LinkButton href={`/${ctx.workspaceId}/agents`}>All agents</LinkButton> }),
  view: (receipts, ctx) =>
    receipts.length > 0 ? (
      <ReceiptList receipts={receipts} now={ctx.now} />
    ) : (
      <EmptyState icon={Trash2} title="No agent was deleted">
        When one is, a receipt here says what was removed, by whom and when.
      </EmptyState>
    ),
});

export const { generateMetadata } = deleted;
export default deleted.default;
