import { PrivacyTabs, privacyBase } from "#app/(console)/[workspace]/organization/privacy/privacy-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { LedgerTable } from "#components/privacy/ledger-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { dataLedger } from "#lib/domain/retention/ledger/queries.ts";

const ledgerPage = page({
  can: "privacy.read",
  title: "What is kept",
  description: "Everything we keep of this organization, counted now: how much, from when, and until when.",
  load: async (ctx) => dataLedger(ctx),
  head: (_, ctx) => ({
    tabs: <PrivacyTabs ctx={ctx} current="data" />,
    action: (
      <LinkButton download href={`${privacyBase(ctx)}/data/csv`}>
        Download CSV
      </LinkButton>
    ),
  }),
  view: (rows, ctx) => <LedgerTable rows={rows} base={`/${ctx.workspaceId}`} now={ctx.now} />,
});

export const { generateMetadata } = ledgerPage;
export default ledgerPage.default;
