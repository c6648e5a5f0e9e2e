import { eq } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { masterAgreements } from "#db/schema/orders.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { sealedPdf } from "#lib/core/signed-pdf.ts";
import { agreementInput } from "#lib/domain/orders/input.ts";
import { agreementLabel } from "#lib/domain/orders/rules.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";

/** T-2-PREC: keeps a master agreement that a customer has signed. It stays as it is; a new one has another number. */
export const recordAgreement = command({
  can: "orders.decide",
  within: "account",
  input: agreementInput,
  run: async (ctx, { organizationId, number, signedAt, file }): Promise<Id<"agreement">> => {
    if (signedAt > ctx.now)
      throw new AppError("invalid", "It cannot be signed in the future.", {
        fields: { signedAt: ["Choose a day that has come."] },
      });
    const id = newId("agreement", ctx.now);
    const signed = await sealedPdf(file, agreementLabel(organizationId, id));
    await transaction(ctx, async (ctx) => {
      await requireLook(ctx, organizationId);
      if ((await ctx.db.$count(organizations, eq(organizations.id, organizationId))) === 0)
        throw new AppError("not_found", "There is no such customer.");
      const made = { createdBy: ctx.actor.id, createdAt: ctx.now };
      const kept = await ctx.db
        .insert(masterAgreements)
        .values({ organizationId, id, number, signedAt, ...signed, ...made })
        .onConflictDoNothing()
        .returning({ id: masterAgreements.id });
      if (kept.length === 0)
        throw new AppError("conflict", "This customer has a master agreement of that number already.", {
          fields: { number: ["Another agreement has it."] },
        });
      await writeAudit(inOrganization(ctx, organizationId), {
        action: "agreement.record",
        object: { type: "agreement", id },
        after: { number, signedAt, fileSha256: signed.fileSha256 },
        clause: "T-2-PREC",
      });
    });
    return id;
  },
});
