import { add, rate, reply, resolve } from "#app/(console)/[workspace]/help/actions.ts";
import { asId, page } from "#app/doors/workspace-page.tsx";
import { RateCard } from "#components/help/rate-card.tsx";
import { Thread } from "#components/help/thread.tsx";
import { ThreadForm } from "#components/help/thread-form.tsx";
import { AddPerson, TicketFacts } from "#components/help/ticket-facts.tsx";
import { TicketBadge } from "#components/help/ticket-state.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { isOver, numberWords } from "#lib/domain/help/rules.ts";
import { peopleChoices } from "#lib/domain/members/queries.ts";

const replyHelp = {
  "goes-on": undefined,
  reopens: "Your message opens the ticket again.",
  follows: "It was resolved more than 14 days ago: your message opens a new ticket that follows this one.",
} as const;

const ticketPage = page({
  can: "help.read",
  title: "Help",
  load: async (ctx, { params }) => {
    const [ticket, people] = await Promise.all([
      ticketOf(ctx, asId("ticket", params.ticket)),
      can(ctx.actor, "members.read") ? peopleChoices(ctx) : [],
    ]);
    return { ticket, people };
  },
  name: ({ ticket: { number, subject } }) => `${numberWords(number)} ${subject}`,
  head: ({ ticket }, ctx) => ({
    badge: <TicketBadge state={ticket.state} />,
    description: kindOf(ticket.kind).title,
    action: (
      <>
        <TextLink href={`/${ctx.workspaceId}/help`}>All tickets</TextLink>
        {can(ctx.actor, "help.write") && !isOver(ticket.state) && (ticket.record?.isDecided ?? true) ? (
          <ButtonForm button="Mark as resolved" act={resolve} values={{ ticketId: ticket.id }} />
        ) : null}
      </>
    ),
  }),
  view: ({ ticket, people }, ctx) => {
    const mayWrite = can(ctx.actor, "help.write");
    const base = `/${ctx.workspaceId}`;
    return (
      <>
        <RateCard ticketId={ticket.id} rating={ticket.rating} canRate={mayWrite && ticket.canRate} rate={rate} />
        <Card title="Messages">
          <div className="flex flex-col gap-4">
            <Thread messages={ticket.messages} base={`${base}/help/${ticket.id}`} now={ctx.now} />
            {mayWrite ? (
              <ThreadForm
                action={reply}
                hidden={{ ticketId: ticket.id }}
                label="Message"
                submit="Send message"
                upload={`${base}/help/files`}
                help={replyHelp[ticket.effectOfReply]}
              />
            ) : null}
          </div>
        </Card>
        <Card
          title="About this ticket"
          footer={
            mayWrite && people.length > 0 ? <AddPerson ticketId={ticket.id} people={people} add={add} /> : undefined
          }
        >
          <TicketFacts ticket={ticket} base={base} now={ctx.now} />
        </Card>
      </>
    );
  },
});

export const { generateMetadata } = ticketPage;
export default ticketPage.default;
