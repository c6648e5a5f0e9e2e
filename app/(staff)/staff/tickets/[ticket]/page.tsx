import type { Metadata } from "next";
import { cache } from "react";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { answer, claim, note, release, settle, snooze } from "#app/(staff)/staff/tickets/actions.ts";
import { found } from "#app/doors/found.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { Thread } from "#components/help/thread.tsx";
import { TicketBadge } from "#components/help/ticket-state.tsx";
import { AnswerCard } from "#components/help-desk/answer-card.tsx";
import { DeskFacts } from "#components/help-desk/desk-facts.tsx";
import { DeskKeys } from "#components/help-desk/desk-keys.tsx";
import { KeyHelp } from "#components/help-desk/key-help.tsx";
import { KeyPlace } from "#components/help-desk/key-place.tsx";
import { Notes } from "#components/help-desk/notes.tsx";
import { TicketActions } from "#components/help-desk/ticket-actions.tsx";
import { Crumb } from "#components/shell/crumb.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { watchTicket } from "#lib/domain/help/desk/commands.ts";
import { deskTicket } from "#lib/domain/help/desk/queries.ts";
import type { DeskTicket } from "#lib/domain/help/desk/view.ts";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";
import { macrosInUse } from "#lib/domain/help/macros/queries.ts";
import { isOver, numberWords } from "#lib/domain/help/rules.ts";

type Props = { params: Promise<{ ticket: string }>; searchParams: SearchParams };

/** Read once for the tab and the page. */
const seen = cache(async (name: string) => {
  const ctx = await deskContext(`/staff/tickets/${name}`);
  if (!can(ctx.actor, "tickets.decide")) return { ctx };
  const id = asId("ticket", name);
  const ticket = await found(deskTicket(ctx, id));
  await watchTicket(ctx, { ticketId: id });
  return { ctx, ticket };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { ticket } = await seen((await params).ticket);
  return { title: ticket ? `${numberWords(ticket.number)} ${ticket.subject} · Queue` : "Ticket" };
}

export default async function TicketPage({ params, searchParams }: Props) {
  const { ctx, ticket } = await seen((await params).ticket);
  if (!ticket) return <NoDesk />;
  const macros = await macrosInUse(ctx);
  const { macro: named } = await firstOf(searchParams);
  const isMine = ticket.claimedBy === ctx.actor.id && ticket.claimedUntil !== null && ticket.claimedUntil > ctx.now;
  return (
    <Page>
      <Crumb name={numberWords(ticket.number)} />
      <DeskKeys />
      <PageHeader
        title={`${numberWords(ticket.number)} ${ticket.subject}`}
        description={kindOf(ticket.kind).title}
        badge={<TicketBadge isDesk state={ticket.state} />}
        action={
          <KeyPlace name="q">
            <TextLink href="/staff">Back to the queue</TextLink>
          </KeyPlace>
        }
      />
      <Others ticket={ticket} />
      <TicketActions ticket={ticket} isMine={isMine} acts={{ claim, release, note, snooze, settle }} />
      <Card title="Messages">
        <Thread messages={ticket.messages} base={`/staff/tickets/${ticket.id}`} now={ctx.now} />
      </Card>
      {ticket.notes.length > 0 ? (
        <Card title="Notes" description="For colleagues only.">
          <Notes notes={ticket.notes} now={ctx.now} />
        </Card>
      ) : null}
      {isOver(ticket.state) || ticket.isClaimedByOther ? null : (
        <AnswerCard
          ticket={ticket}
          staffName={ctx.actor.name}
          macros={macros}
          macro={macros.find(({ id }) => id === named)}
          answer={answer}
        />
      )}
      <Card title="About this ticket">
        <DeskFacts ticket={ticket} now={ctx.now} />
      </Card>
      <KeyHelp of="ticket" />
    </Page>
  );
}

/** Who else works on it, or only looks. */
function Others({ ticket: { isClaimedByOther, claimedName, watchers } }: { ticket: DeskTicket }) {
  if (isClaimedByOther) return <Notice tone="warn">{claimedName} works on this ticket.</Notice>;
  return watchers.length > 0 ? <Notice tone="info">Also looking at it: {watchers.join(", ")}.</Notice> : null;
}
