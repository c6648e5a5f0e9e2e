import { z } from "zod";
import type { Id } from "#db/id.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { requestAssistance } from "#lib/domain/assistance/commands.ts";
import { openDispute } from "#lib/domain/billing/disputes/commands.ts";
import { openDisputeInput } from "#lib/domain/billing/disputes/input.ts";
import { openDeadline } from "#lib/domain/deadlines/commands.ts";
import type { TicketKind } from "#lib/domain/help/kinds/rules.ts";
import { beginTicket } from "#lib/domain/help/thread/commands.ts";
import { reportLeakedKey } from "#lib/domain/keys/commands.ts";
import { reportKeyInput } from "#lib/domain/keys/input.ts";
import type { NewKey } from "#lib/domain/keys/view.ts";
import { requestRates } from "#lib/domain/rates/commands.ts";
import { requestRatesInput } from "#lib/domain/rates/input.ts";
import { receiveDeletion } from "#lib/domain/retention/deletions/commands.ts";
import { pendingOne } from "#lib/domain/subprocessors/commands.ts";
import { objectInput } from "#lib/domain/subprocessors/input.ts";

/** T-4.2.1-RL: asks for higher limits; the request is the record, and its ticket where both sides write. */
export const askForRates = command({
  can: "rates.request",
  within: "workspace",
  input: requestRatesInput,
  run: (ctx, input): Promise<Id<"rateRequest">> =>
    transaction(ctx, async (ctx) => {
      const recordId = await requestRates(ctx, input);
      const subject = input.model ? `Higher limits for ${input.model}` : "Higher limits";
      const ticket = await beginTicket(ctx, { kind: "higher_limits", subject, body: input.useCase, recordId });
      const request = { kind: "rate_request", id: recordId } as const;
      await openDeadline(ctx, { clock: "rate.request", subject: request, dueAt: ticket.firstDueAt });
      return recordId;
    }),
});

/** T-5.2-DISP: disputes lines of an invoice; the dispute is the record. */
export const objectToInvoice = command({
  can: "billing.write",
  within: "organization",
  input: openDisputeInput,
  run: (ctx, input): Promise<Id<"dispute">> =>
    transaction(ctx, async (ctx) => {
      const recordId = await openDispute(ctx, input);
      const ticket = await beginTicket(ctx, {
        kind: "billing_dispute",
        subject: input.lines.length === 1 ? "A line of an invoice" : `${input.lines.length} lines of an invoice`,
        body: input.reason,
        recordId,
      });
      const dispute = { kind: "dispute", id: recordId } as const;
      await openDeadline(ctx, { clock: "dispute.answer", subject: dispute, dueAt: ticket.firstDueAt });
      return recordId;
    }),
});

/** T-2-INC: objects to a subprocessor that is announced; its ticket is where both sides write. */
export const objectToSubprocessor = command({
  can: "help.write-organization",
  within: "organization",
  input: objectInput,
  run: (ctx, { id, body }): Promise<Id<"ticket">> =>
    transaction(ctx, async (ctx) => {
      const { name } = await pendingOne(ctx, id);
      const ticket = await beginTicket(ctx, { kind: "object_subprocessor", subject: `Objection to ${name}`, body });
      await writeAudit(ctx, {
        action: "subprocessor.object",
        object: { type: "subprocessor", id },
        after: { ticket: ticket.id },
        clause: "T-2-INC",
      });
      return ticket.id;
    }),
});

const reportInput = reportKeyInput.extend({
  body: z.string().trim().max(20_000, "20,000 characters at most.").optional().default(""),
});

/** T-4.2.1-KEY4: revokes a leaked key at once, gives its owner a successor, and opens the ticket about it. */
export const reportLeak = command({
  can: "keys.write",
  within: "workspace",
  input: reportInput,
  stepUp: "key.end",
  run: (ctx, { id, body }): Promise<NewKey | null> =>
    transaction(ctx, async (ctx) => {
      const made = await reportLeakedKey(ctx, { id });
      const words = body === "" ? "An API key leaked. It was revoked when this was reported." : body;
      await beginTicket(ctx, { kind: "leaked_key", subject: "An API key leaked", body: words, recordId: id });
      return made;
    }),
});

/** T-4.3-DEL3, T-4.2.3-DEL3, T-4.2.3-ASSIST: what is written in Help is the written request, and its clock runs from then on. */
export const recordFor = part(
  async (
    ctx: OrganizationContext,
    kind: TicketKind,
    { target = "" }: Record<string, string>,
  ): Promise<string | null> => {
    if (kind === "assistance") return requestAssistance(ctx);
    if (kind === "delete_agent") return receiveDeletion(ctx, { kind: "agent", target });
    return kind === "delete_data" ? receiveDeletion(ctx, { kind: "data", target }) : null;
  },
);
