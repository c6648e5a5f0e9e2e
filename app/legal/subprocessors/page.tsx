import { Network } from "lucide-react";
import type { Metadata } from "next";
import { accountContext } from "#app/doors/session.ts";
import { SubprocessorTable } from "#components/subprocessors/subprocessor-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { allSubprocessors } from "#lib/domain/subprocessors/queries.ts";
import { noticeDays } from "#lib/domain/subprocessors/rules.ts";

export const metadata: Metadata = { title: "Subprocessors" };

export default async function SubprocessorsPage() {
  const ctx = await accountContext();
  const all = await allSubprocessors(ctx);
  return (
    <Page width="table">
      <PageHeader
        title="Subprocessors"
        description={`Who processes personal data for us. Businesses are told of one more ${noticeDays} days before it is added for them, and can object.`}
      />
      {all.length === 0 ? (
        <EmptyState icon={Network} title="No subprocessors">
          Nobody but us processes personal data of customers.
        </EmptyState>
      ) : (
        <SubprocessorTable subprocessors={all} now={ctx.now} />
      )}
    </Page>
  );
}
