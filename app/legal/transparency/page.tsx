import { ScanSearch } from "lucide-react";
import type { Metadata } from "next";
import { accountContext } from "#app/doors/session.ts";
import { TransparencyTable } from "#components/privacy/transparency-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { monitoringYears } from "#lib/domain/abuse/counts/queries.ts";

export const metadata: Metadata = { title: "Transparency" };

export default async function TransparencyPage() {
  const years = await monitoringYears(await accountContext());
  return (
    <Page>
      <PageHeader
        title="Transparency"
        description="How much was looked at to find breaches of the terms, and what came of it: all customers together, year by year (UTC)."
      />
      {years.length === 0 ? (
        <EmptyState icon={ScanSearch} title="Nothing was counted yet">
          The sums of a year appear here with its first scan.
        </EmptyState>
      ) : (
        <TransparencyTable years={years} />
      )}
      <p className="text-ui text-text-soft">
        An item is what staff decide about; opened is how often requests of one were read. Numbers from one to four are
        given as “fewer than 5”, because they could point at a customer. Each customer sees their own exactly, under
        Privacy.
      </p>
    </Page>
  );
}
