import { z } from "zod";
import { openTicket, replyToTicket } from "#lib/domain/help/commands.ts";
import { messageBody, openInput } from "#lib/domain/help/input.ts";
import { openedHere, type TicketKind } from "#lib/domain/help/kinds/rules.ts";
import { ticketOf, ticketSlice } from "#lib/domain/help/queries.ts";
import { numberWords, ticketStates } from "#lib/domain/help/rules.ts";
import type { Message, TicketDetail, TicketRow } from "#lib/domain/help/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import { parsed } from "#lib/gateway/http/endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { named, uuid, uuidOf, uuidOfKind } from "./shapes.ts";

const at = z.iso.datetime();

const ticketShape = z.object({
  id: z.string().describe("As webhooks name it."),
  uuid,
  number: z.string().describe("Such as T-10482."),
  kind: z.string(),
  state: z.enum(ticketStates).describe("`open` is with us, `waiting` is with you."),
  subject: z.string(),
  requester: z.string(),
  created_at: at,
  changed_at: at,
  first_answer_due_at: at,
  first_answered_at: at.nullable(),
  next_answer_due_at: at.nullable(),
  legal_due_at: at.nullable().describe("The day the terms give us, where they give one."),
  resolved_at: at.nullable(),
  follows: uuid.nullable().describe("The ticket it follows."),
});

const detailShape = ticketShape.extend({
  details: z.record(z.string(), z.string()).describe("The answers to what its kind asks for."),
  record: z
    .object({ title: z.string(), state: z.string(), is_decided: z.boolean() })
    .nullable()
    .describe("The request, dispute or key it is about."),
  messages: z.array(
    z.object({
      id: z.string(),
      from: z.enum(["customer", "staff", "system"]),
      author: z.string(),
      event: z.string().nullable().describe("Of a line of the system: what happened."),
      body: z.string(),
      created_at: at,
      files: z.array(z.object({ id: z.string(), name: z.string(), kind: z.string(), bytes: z.int() })),
    }),
  ),
});

const ticketOut = (one: TicketRow): z.input<typeof ticketShape> => ({
  id: one.id,
  uuid: uuidOf(one.id),
  number: numberWords(one.number),
  kind: one.kind,
  state: one.state,
  subject: one.subject,
  requester: one.requesterName,
  created_at: one.createdAt.toISOString(),
  changed_at: one.changedAt.toISOString(),
  first_answer_due_at: one.firstDueAt.toISOString(),
  first_answered_at: one.firstAnsweredAt?.toISOString() ?? null,
  next_answer_due_at: one.nextDueAt?.toISOString() ?? null,
  legal_due_at: one.legalDueAt?.toISOString() ?? null,
  resolved_at: one.resolvedAt?.toISOString() ?? null,
  follows: one.followsId && uuidOf(one.followsId),
});

const messageOut = ({ id, from, authorName, event, body, at, files }: Message) => ({
  id,
  from,
  author: authorName,
  event,
  body,
  created_at: at.toISOString(),
  files: files.map((file) => ({ id: file.id, name: file.name, kind: file.kind, bytes: file.size })),
});

const detailOut = (one: TicketDetail): z.input<typeof detailShape> => ({
  ...ticketOut(one),
  details: one.details,
  record: one.record && {
    title: one.record.title,
    state: one.record.words,
    is_decided: one.record.isDecided,
  },
  messages: one.messages.map(messageOut),
});

const list = adminEndpoint({
  can: "help.read",
  summary: "List the organization's tickets, newest first.",
  query: z.object({
    state: z.enum(ticketStates).optional(),
    after: uuidOfKind("ticket").optional().describe("Go on after this one: the `next` of the page before."),
    limit: z.coerce.number().int().min(1).max(100).default(25),
  }),
  output: z.object({
    object: z.literal("list"),
    items: z.array(ticketShape),
    has_more: z.boolean(),
    next: uuid.nullable(),
  }),
  run: async (ctx, { query: { state, after, limit } }) => {
    const found = await ticketSlice(ctx, { state, before: after, limit: limit + 1 });
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return {
      object: "list" as const,
      items: rows.map(ticketOut),
      has_more: last !== undefined,
      next: last ? uuidOf(last.id) : null,
    };
  },
});

const one = adminEndpoint({
  can: "help.read",
  summary: "Read a ticket with its messages.",
  output: detailShape,
  run: async (ctx, { params: { id } }) => detailOut(await ticketOf(ctx, named("ticket", id))),
});

const open = adminEndpoint({
  can: openTicket,
  summary: "Open a ticket. Each kind asks for details of its own; see Help in the console.",
  input: z.object({
    kind: z.enum(openedHere as [TicketKind, ...TicketKind[]]),
    subject: z.string(),
    body: z.string().describe("Markdown, at most 20,000 characters."),
    details: z.record(z.string(), z.string()).optional(),
  }),
  output: detailShape,
  run: async (ctx, { input: { details, ...said } }) => {
    const given = parsed(openInput, { ...details, ...said, files: [] }, "body") as z.output<typeof openInput>;
    return detailOut(await ticketOf(ctx, (await openTicket(ctx, given)).id));
  },
});

const reply = adminEndpoint({
  can: replyToTicket,
  summary: "Write on a ticket. More than 14 days after it was resolved, this opens one that follows it.",
  input: z.object({ body: messageBody.describe("Markdown, at most 20,000 characters.") }),
  output: detailShape,
  run: async (ctx, { params: { id }, input: { body } }) => {
    const { id: where } = await replyToTicket(ctx, { ticketId: named("ticket", id), body, files: [] });
    return detailOut(await ticketOf(ctx, where));
  },
});

export function adminTickets(routes: Routes): void {
  routes.get("/v1/admin/tickets", list);
  routes.post("/v1/admin/tickets", open);
  routes.get("/v1/admin/tickets/:id", one);
  routes.post("/v1/admin/tickets/:id/messages", reply);
}
