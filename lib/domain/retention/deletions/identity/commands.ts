import { and, eq } from "drizzle-orm";
import { invoices } from "#db/schema/billing.ts";
import { identityChecks } from "#db/schema/guests.ts";
import { tickets } from "#db/schema/help.ts";
import { deletions } from "#db/schema/receipts.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { deletionClause } from "#lib/domain/retention/deletions/rules.ts";
import type { DeletionRequest } from "#lib/domain/retention/deletions/view.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { identityInput } from "./input.ts";

/** Signs for who a guest is. Only then can what they asked for be deleted (T-4.2.3-DEL3, T-4.3-DEL3). */
export const signIdentity = command({
  can: "deletions.decide",
  within: "account",
  input: identityInput,
  stepUp: "deletion.carry-out",
  run: async (ctx, { organizationId, id, contact, invoiceNumber, domain }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await requireLook(ctx, organizationId);
      const customer = inOrganization(ctx, organizationId);
      const [one] = await ctx.db
        .select()
        .from(deletions)
        .where(and(eq(deletions.organizationId, organizationId), eq(deletions.id, id)))
        .for("update");
      if (!one) throw new AppError("not_found", "There is no such deletion.");
      if (one.requestedBy !== null) throw new AppError("conflict", "A member asked for it, who signed in to do so.");
      if (invoiceNumber !== null) await refuseForeignInvoice(customer, invoiceNumber);
      const { id: signedBy, name: signedName } = personOf(ctx.actor);
      const address = contact ? await addressOf(customer, one) : null;
      const signed = await ctx.db
        .insert(identityChecks)
        .values({
          organizationId,
          deletionId: id,
          contact: address,
          invoiceNumber,
          domain,
          signedBy,
          signedName,
          signedAt: ctx.now,
        })
        .onConflictDoNothing()
        .returning({ id: identityChecks.deletionId });
      if (signed.length === 0) throw new AppError("conflict", "A colleague signed for it already.");
      await writeAudit(customer, {
        action: "deletion.identify",
        object: { type: "deletion", id },
        after: { contact: address, invoiceNumber, domain },
        clause: deletionClause[one.kind],
      });
    }),
});

/** The address whose link opened the ticket. */
async function addressOf({ db, organizationId }: OrganizationContext, { id }: DeletionRequest): Promise<string> {
  const [ticket] = await db
    .select({ email: tickets.guestEmail })
    .from(tickets)
    .where(and(eq(tickets.organizationId, organizationId), eq(tickets.recordId, id)));
  if (!ticket?.email) throw new AppError("conflict", "No link proved an address for this request.");
  return ticket.email;
}

async function refuseForeignInvoice({ db, organizationId }: OrganizationContext, number: string): Promise<void> {
  const its = and(eq(invoices.organizationId, organizationId), eq(invoices.number, number));
  if ((await db.$count(invoices, its)) > 0) return;
  const message = "This customer has no invoice of this number.";
  throw new AppError("invalid", message, { fields: { invoiceNumber: [message] } });
}
