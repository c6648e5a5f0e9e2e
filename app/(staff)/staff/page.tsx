import { Inbox } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { DeskKeys } from "#components/help-desk/desk-keys.tsx";
import { KeyHelp } from "#components/help-desk/key-help.tsx";
import { QueueList } from "#components/help-desk/queue-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { Actor } from "#lib/core/access/actor.ts";
import { can } from "#lib/core/access/authorize.ts";
import { queueFilter } from "#lib/domain/help/desk/input.ts";
import { queuePage } from "#lib/domain/help/desk/queries.ts";
import { NoDesk } from "./no-desk.tsx";

export const metadata: Metadata = { title: "Queue" };

/** Staff who answer no tickets begin at the first desk they have. */
function otherDesk(actor: Actor): string | null {
  if (can(actor, "letters.read")) return "/staff/notices";
  if (can(actor, "billing.decide")) return "/staff/billing";
  if (can(actor, "rates.decide")) return "/staff/rates";
  if (can(actor, "agents.decide")) return "/staff/agents";
  return can(actor, "zero-retention.decide") ? "/staff/zero-retention" : null;
}

export default async function StaffPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext("/staff");
  if (!can(ctx.actor, "desk.read")) {
    const elsewhere = otherDesk(ctx.actor);
    if (elsewhere) redirect(elsewhere);
    return <NoDesk />;
  }
  const asked = queueFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await queuePage(ctx, asked);
  return (
    <Page width="table">
      <DeskKeys />
      <PageHeader
        title="Queue"
        description="Tickets of all customers: days the terms set first, then what is late, then what is due."
      />
      <QueueList
        tickets={rows}
        range={range}
        asked={asked}
        now={ctx.now}
        empty={
          <EmptyState icon={Inbox} title="Nothing to do">
            New tickets and those whose customer wrote again appear here.
          </EmptyState>
        }
      />
      <KeyHelp of="queue" />
    </Page>
  );
}
