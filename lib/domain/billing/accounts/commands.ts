import { eq, sql } from "drizzle-orm";
import { billingAccounts, legalEntities } from "#db/schema/billing.ts";
import { organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { checkVatId } from "#lib/domain/billing/vat/rules.ts";
import { providerFor, providerOf } from "#lib/engine/payments/providers.ts";
import { type ProfileInput, profileInput } from "./input.ts";
import { addressOf } from "./rules.ts";

/** The one legal entity that the configuration describes; accounts name it. */
const entityId = "default";

/**
 * At every start: keeps the legal entity as the configuration has it, and gives paying
 * organizations that have none an account. Documents keep the seller as it was when they were issued.
 */
export const publishBilling = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('publishBilling'))`);
      const row = {
        name: env().PROVIDER_LEGAL_NAME,
        address: addressOf(env().PROVIDER_ADDRESS),
        vatId: env().PROVIDER_VAT_ID || null,
        registrationId: env().PROVIDER_REGISTRATION_ID || null,
        email: env().SUPPORT_EMAIL,
        iban: env().BILLING_IBAN ?? null,
        bic: env().BILLING_BIC ?? null,
        updatedAt: ctx.now,
      };
      await ctx.db
        .insert(legalEntities)
        .values({ id: entityId, ...row })
        .onConflictDoUpdate({ target: legalEntities.id, set: row });
      const without = await ctx.db.execute<{ id: OrganizationContext["organizationId"] }>(sql`
        select id from ${organizations} where plan <> 'free' and deleted_at is null
          and not exists (select from ${billingAccounts} where organization_id = ${organizations.id})`);
      for (const { id } of without) await ensureAccount(inOrganization(ctx, id));
    });
  },
});

/** The account of a paying organization, made where there is none; its profile is then still to be completed. */
export const ensureAccount = part(async (ctx: OrganizationContext): Promise<void> => {
  const [organization] = await ctx.db
    .select({ name: organizations.name, email: organizations.registrationEmail, plan: organizations.plan })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (!organization) throw new AppError("not_found", "There is no such organization.");
  const provider = providerOf(providerFor());
  await ctx.db
    .insert(billingAccounts)
    .values({
      organizationId: ctx.organizationId,
      legalEntityId: entityId,
      currency: "EUR",
      provider: provider.id,
      livemode: provider.livemode,
      collection: provider.capabilities.offSession ? "auto" : "send_invoice",
      name: organization.name,
      address: { line1: "", line2: null, postalCode: "", city: "", country: addressOf(env().PROVIDER_ADDRESS).country },
      vatStatus: "none",
      emails: [],
      createdAt: ctx.now,
      updatedAt: ctx.now,
    })
    .onConflictDoNothing();
});

/** Says who is billed and where invoices go; makes the account where there is none yet (T-5.1: never by itself). */
export const saveProfile = command({
  can: "billing.write",
  within: "organization",
  input: profileInput,
  run: async (ctx, input): Promise<void> => {
    const vat = input.type === "business" ? vatOf(input) : { vatId: null, vatStatus: "none" as const };
    await transaction(ctx, async (ctx) => {
      await ensureAccount(ctx);
      const its = eq(billingAccounts.organizationId, ctx.organizationId);
      const [before] = await ctx.db.select().from(billingAccounts).where(its).for("update");
      await keepType(ctx, input.type, before?.address.line1 !== "");
      const isSameId = before?.vatId === vat.vatId && before?.address.country === input.country;
      const { name, line1, line2, postalCode, city, country, poNumber, emails } = input;
      const address = { line1, line2, postalCode, city, country };
      await ctx.db
        .update(billingAccounts)
        .set({ name, address, poNumber, emails, updatedAt: ctx.now, ...(isSameId ? {} : vat) })
        .where(its);
      await writeAudit(ctx, {
        action: "billing.change-profile",
        object: { type: "organization", id: ctx.organizationId },
        before: { name: before?.name ?? null, address: before?.address ?? null, vatId: before?.vatId ?? null },
        after: { name, address, vatId: vat.vatId, type: input.type },
        clause: "T-5.2-BILL",
      });
    });
  },
});

/** Once a profile was saved, whom the agreement is with is for staff to correct, with a reason (T-2-PREC). */
async function keepType(ctx: OrganizationContext, type: ProfileInput["type"], hasProfile: boolean): Promise<void> {
  const its = eq(organizations.id, ctx.organizationId);
  const [known] = await ctx.db.select({ type: organizations.customerType }).from(organizations).where(its);
  if (!known || known.type === type) return;
  if (hasProfile)
    throw new AppError("invalid", "Check the marked fields.", {
      fields: { type: ["Our staff can change this: write to us in Help, and say why."] },
    });
  await ctx.db.update(organizations).set({ customerType: type }).where(its);
}

function vatOf({ vatId, country }: ProfileInput): { vatId: string | null; vatStatus: "none" | "unchecked" } {
  if (!vatId) return { vatId: null, vatStatus: "none" };
  const checked = checkVatId(vatId);
  if (!checked.ok) throw new AppError("invalid", "Check the marked fields.", { fields: { vatId: [checked.why] } });
  if (checked.country !== country)
    throw new AppError("invalid", "Check the marked fields.", {
      fields: { vatId: [`This number is from ${checked.country}, the address is in ${country}.`] },
    });
  return { vatId: checked.normalized, vatStatus: "unchecked" };
}
