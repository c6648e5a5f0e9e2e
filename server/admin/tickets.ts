import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { queueFilter } from "#lib/domain/help/desk/input.ts";
import { deskTicket, queuePage } from "#lib/domain/help/desk/queries.ts";
import { dueOf, queueShows } from "#lib/domain/help/desk/rules.ts";
import type { QueueRow } from "#lib/domain/help/desk/view.ts";
import { numberIn, numberWords } from "#lib/domain/help/rules.ts";
import { type Command, optional, parse, required } from "./command.ts";

const listInput = z.object({ show: z.enum(queueShows).optional() });

/** Of a ticket in the queue, what a terminal has room for. */
const brief = (ticket: QueueRow) => ({
  id: ticket.id,
  number: numberWords(ticket.number),
  organization: ticket.organizationId,
  kind: ticket.kind,
  state: ticket.state,
  subject: ticket.subject,
  due: dueOf(ticket)?.toISOString() ?? null,
  legalDue: ticket.legalDueAt?.toISOString() ?? null,
  claimedBy: ticket.claimedName,
});

export const ticketCommands: readonly Command[] = [
  {
    name: "ticket list",
    about: "The queue of tickets, the most urgent first.",
    options: { show: optional(queueShows.join("|")) },
    run: async (ctx, options) => {
      const { show } = parse(listInput, options);
      const { rows } = await queuePage(ctx, queueFilter.parse({ show }));
      const result = rows.map(brief);
      const lines = result.map(({ number, state, kind, legalDue, due, subject }) =>
        [number, state, kind, legalDue ?? due ?? "-", subject].join("  "),
      );
      return { result, lines: lines.length > 0 ? lines : ["nothing to do"] };
    },
  },
  {
    name: "ticket show",
    about: "One ticket with its messages, without the notes of staff.",
    options: { number: required("T-10001") },
    run: async (ctx, { number = "" }) => {
      const wanted = numberIn(number);
      if (wanted === null) throw new AppError("invalid", `${number} is not the number of a ticket.`);
      const { rows } = await queuePage(ctx, queueFilter.parse({ q: numberWords(wanted) }));
      const found = rows.find((row) => row.number === wanted);
      if (!found) throw new AppError("not_found", `There is no ticket ${numberWords(wanted)}.`);
      const { messages, record } = await deskTicket(ctx, found.id);
      const said = messages.map(({ at, from, authorName, event, body }) => ({
        at: at.toISOString(),
        from,
        authorName,
        event,
        body,
      }));
      const result = { ...brief(found), record, messages: said };
      const lines = [
        [result.number, result.state, result.kind, result.subject].join("  "),
        ...said.map(({ at, authorName, event, body }) => `${at} ${authorName}: ${event ?? body}`),
      ];
      return { result, lines };
    },
  },
];
