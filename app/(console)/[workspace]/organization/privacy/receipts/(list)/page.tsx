import { ReceiptText } from "lucide-react";
import { PrivacyTabs, privacyBase } from "#app/(console)/[workspace]/organization/privacy/privacy-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { ReceiptList } from "#components/privacy/receipt-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { receiptFilter } from "#lib/domain/retention/receipts/input.ts";
import { deletionReceiptList } from "#lib/domain/retention/receipts/queries.ts";

const shown = 50;

const receiptsPage = page({
  can: "privacy.read",
  title: "Receipts",
  description: "What was deleted, with counts before and after, signed. Each can be checked without us.",
  load: async (ctx, { search }) => {
    const asked = receiptFilter.parse(search);
    const found = await deletionReceiptList(ctx, { before: asked.before, limit: shown + 1 });
    return { asked, receipts: found.slice(0, shown).map(({ body }) => body), hasMore: found.length > shown };
  },
  head: (_, ctx) => ({ tabs: <PrivacyTabs ctx={ctx} current="receipts" /> }),
  view: ({ asked, receipts, hasMore }, ctx) => {
    const base = `${privacyBase(ctx)}/receipts`;
    if (receipts.length === 0 && asked.before === undefined)
      return (
        <EmptyState
          icon={ReceiptText}
          title="Nothing was deleted yet"
          action={<LinkButton href={`${privacyBase(ctx)}/data`}>See what is kept</LinkButton>}
        >
          When an agent is deleted, or all that zero retention forbids, its signed receipt is here.
        </EmptyState>
      );
    return (
      <ReceiptList
        receipts={receipts}
        base={base}
        hasMore={hasMore}
        isLater={asked.before !== undefined}
        now={ctx.now}
      />
    );
  },
});

export const { generateMetadata } = receiptsPage;
export default receiptsPage.default;
