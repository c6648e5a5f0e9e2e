import { MailCheck } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { LetterFilter } from "#components/notices/letter-filter.tsx";
import { LetterList } from "#components/notices/letter-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { outboxInput } from "#lib/domain/notices/input.ts";
import { outbox, undeliveredCount } from "#lib/domain/notices/queries.ts";

export const metadata: Metadata = { title: "Outbox" };

const base = "/staff/notices";
const undelivered = "show=undelivered";

export default async function NoticesPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(base);
  if (!can(ctx.actor, "letters.read")) return <NoDesk />;
  const asked = outboxInput.parse(await firstOf(searchParams));
  const { recipient, show, before } = asked;
  const [{ rows, next }, waiting] = await Promise.all([outbox(ctx, asked), undeliveredCount(ctx)]);
  return (
    <Page width="table">
      <PageHeader
        title="Outbox"
        description="Every letter the product wrote, and what became of it. What is in one is seen with a reason only."
        tabs={
          <div>
            <Segments
              label="Which letters"
              segments={[
                { href: base, label: "All letters", current: show === "all" },
                { href: `${base}?${undelivered}`, label: `Undelivered (${waiting})`, current: show === "undelivered" },
              ]}
            />
          </div>
        }
      />
      {show === "all" ? <LetterFilter base={base} recipient={recipient} isWhole /> : null}
      <LetterList
        rows={rows}
        now={ctx.now}
        base={base}
        recipient={recipient}
        withCustomer
        also={show === "all" ? "" : undelivered}
        empty={show === "all" ? undefined : <NoneLost />}
        isFirstPage={!before}
        next={next}
      />
    </Page>
  );
}

const NoneLost = () => (
  <EmptyState icon={MailCheck} title="Every legal and money notice arrived">
    One that bounces, or that nobody takes in half a day, waits here until somebody has seen to it (T-4.2.1-DISC3).
  </EmptyState>
);
