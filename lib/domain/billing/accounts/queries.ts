import { eq, getColumns } from "drizzle-orm";
import { billingAccounts, legalEntities } from "#db/schema/billing.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Account, LegalEntity } from "./view.ts";

const columns = { ...getColumns(billingAccounts), buyerType: organizations.customerType };

/** How this organization is billed; null while it never had to pay anything (T-5.1). */
export async function billingAccount(ctx: OrganizationContext): Promise<Account | null> {
  authorize(ctx.actor, "billing.read");
  const [account = null] = await ctx.db
    .select(columns)
    .from(billingAccounts)
    .innerJoin(organizations, eq(organizations.id, billingAccounts.organizationId))
    .where(eq(billingAccounts.organizationId, ctx.organizationId));
  return account;
}

/**
 * The account, locked until the transaction ends: everything that moves an organization's money begins with it, so that two
 * processes do it one after the other.
 */
export async function lockedAccount(ctx: OrganizationContext): Promise<Account> {
  authorize(ctx.actor, "billing.read");
  const [account] = await ctx.db
    .select(columns)
    .from(billingAccounts)
    .innerJoin(organizations, eq(organizations.id, billingAccounts.organizationId))
    .where(eq(billingAccounts.organizationId, ctx.organizationId))
    .for("update", { of: billingAccounts });
  if (!account) throw new AppError("not_found", "This organization has no billing account yet.");
  return account;
}

/** Who issues the documents of an account. */
export async function legalEntity(ctx: OrganizationContext, id: string): Promise<LegalEntity> {
  authorize(ctx.actor, "billing.read");
  const [entity] = await ctx.db.select().from(legalEntities).where(eq(legalEntities.id, id));
  if (!entity) throw new AppError("unavailable", "There is no legal entity to issue documents yet.");
  return entity;
}
