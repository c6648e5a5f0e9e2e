import { CalendarClock } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { DeadlineList } from "#components/deadlines/deadline-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deadlineFilter } from "#lib/domain/deadlines/input.ts";
import { deskDeadlines } from "#lib/domain/deadlines/queries.ts";

export const metadata: Metadata = { title: "Deadlines" };

const base = "/staff/deadlines";

export default async function DeadlinesDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(base);
  if (!can(ctx.actor, "deadlines.read")) return <NoDesk />;
  const asked = deadlineFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await deskDeadlines(ctx, asked);
  return (
    <Page width="table">
      <PageHeader
        title="Deadlines"
        description="Every date that a contract or the law sets, on our side or the customer's, the earliest first."
      />
      <DeadlineList
        base={base}
        deadlines={rows}
        range={range}
        asked={asked}
        now={ctx.now}
        empty={
          <EmptyState icon={CalendarClock} title="No deadlines">
            They open with what they are of: a request, a key that expires, a notice.
          </EmptyState>
        }
      />
    </Page>
  );
}
