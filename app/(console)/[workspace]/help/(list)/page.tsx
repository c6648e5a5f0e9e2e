import { LifeBuoy } from "lucide-react";
import { page } from "#app/doors/workspace-page.tsx";
import { TicketList } from "#components/help/ticket-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { ticketFilter } from "#lib/domain/help/input.ts";
import { ticketPage } from "#lib/domain/help/queries.ts";

const openLink = (ctx: Context) =>
  can(ctx.actor, "help.write") ? (
    <LinkButton href={`/${ctx.workspaceId}/help/new`} emphasis="primary">
      Open a ticket
    </LinkButton>
  ) : null;

const helpPage = page({
  can: "help.read",
  title: "Help",
  description: "Your tickets: what you asked us, and our answers.",
  width: "table",
  load: async (ctx, { search }) => {
    const asked = ticketFilter.parse(search);
    return { asked, found: await ticketPage(ctx, asked) };
  },
  head: ({ found }, ctx) => (found.rows.length > 0 ? { action: openLink(ctx) } : {}),
  view: ({ asked, found: { rows, ...range } }, ctx) => (
    <TicketList
      tickets={rows}
      range={range}
      asked={asked}
      base={`/${ctx.workspaceId}/help`}
      now={ctx.now}
      empty={
        <EmptyState icon={LifeBuoy} title="No tickets yet" action={openLink(ctx)}>
          Ask a question, report a fault, or make a request that your contract gives you. Answers come here and by
          e-mail.
        </EmptyState>
      }
    />
  ),
});

export const { generateMetadata } = helpPage;
export default helpPage.default;
