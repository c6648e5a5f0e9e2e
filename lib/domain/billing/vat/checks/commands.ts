import { and, eq, isNull, lte, or, sql } from "drizzle-orm";
import { billingAccounts, legalEntities } from "#db/schema/billing.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { vies } from "#lib/core/vies.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { recordCheckInput } from "./input.ts";

/** A number that was valid is asked about again after so long, and one without an answer each time. */
const freshDays = 90;

type Checked = { answer: "valid" | "invalid"; reference: string | null };

/** Asks the register about VAT numbers it has not confirmed lately; returns how many it answered for. Down is not invalid. */
export const checkVatIds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const register = vies();
    if (!register) return 0;
    const due = await ctx.db
      .select({
        organizationId: billingAccounts.organizationId,
        vatId: billingAccounts.vatId,
        requester: legalEntities.vatId,
      })
      .from(billingAccounts)
      .innerJoin(legalEntities, eq(legalEntities.id, billingAccounts.legalEntityId))
      .where(
        and(
          sql`${billingAccounts.vatId} is not null`,
          or(
            eq(billingAccounts.vatStatus, "unchecked"),
            isNull(billingAccounts.vatCheckedAt),
            lte(billingAccounts.vatCheckedAt, addDays(ctx.now, -freshDays)),
          ),
        ),
      )
      .limit(50);
    let answered = 0;
    for (const { organizationId, vatId, requester } of due) {
      const { answer, reference } = await register(vatId ?? "", requester);
      if (answer === "unavailable") continue;
      answered += 1;
      await keep(inOrganization(ctx, organizationId), vatId, { answer, reference });
    }
    return answered;
  },
});

/** The answer counts for the number that was asked about, not for one that was entered meanwhile. */
const keep = (ctx: OrganizationContext, vatId: string | null, { answer, reference }: Checked): Promise<void> =>
  transaction(ctx, async (ctx) => {
    const kept = await ctx.db
      .update(billingAccounts)
      .set({ vatStatus: answer, vatCheckedAt: ctx.now, vatReference: reference })
      .where(
        and(
          eq(billingAccounts.organizationId, ctx.organizationId),
          vatId ? eq(billingAccounts.vatId, vatId) : sql`${billingAccounts.vatId} is not null`,
        ),
      )
      .returning({ id: billingAccounts.organizationId });
    if (kept.length === 0) throw new AppError("conflict", "This organization has no VAT number to say anything about.");
    await writeAudit(ctx, {
      action: "billing.check-vat",
      object: { type: "organization", id: ctx.organizationId },
      after: { vatId, answer, reference },
      clause: "T-5.2-BILL",
    });
  });

/** Staff record what they found out themselves, with the proof. */
export const recordVatCheck = command({
  can: "billing.decide",
  within: "account",
  input: recordCheckInput,
  run: async (ctx, { organizationId, answer, reference }): Promise<void> => {
    await requireLook(ctx, organizationId);
    await keep(inOrganization(ctx, organizationId), null, { answer, reference });
  },
});
