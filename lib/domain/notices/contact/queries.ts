import { and, desc, eq, gt, inArray, isNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { contactChanges, letters } from "#db/schema/notices.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

export type Contact = {
  email: string;
  /** The address that was named and has not been confirmed yet. */
  pending: { id: Id<"contactChange">; email: string; expiresAt: Date } | null;
  bounce: Bounce | null;
};
export type Bounce = { email: string; at: Date; reason: string };

async function emailOf(ctx: OrganizationContext): Promise<string> {
  const [found] = await ctx.db
    .select({ email: organizations.registrationEmail })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  if (!found) throw new AppError("not_found", "This organization is gone.");
  return found.email;
}

/** T-4.2.1-DISC3: where notices about the contract go. */
export async function registrationContact(ctx: OrganizationContext): Promise<Contact> {
  authorize(ctx.actor, "organization.read");
  const email = await emailOf(ctx);
  const [pending = null] = await ctx.db
    .select({ id: contactChanges.id, email: contactChanges.email, expiresAt: contactChanges.expiresAt })
    .from(contactChanges)
    .where(
      and(
        eq(contactChanges.organizationId, ctx.organizationId),
        isNull(contactChanges.confirmedAt),
        isNull(contactChanges.withdrawnAt),
        gt(contactChanges.expiresAt, ctx.now),
      ),
    );
  return { email, pending, bounce: await bounceAt(ctx, email) };
}

/** Whether the last letter to the registration contact came back: then no one there reads what the contract says. */
export async function contactBounce(ctx: OrganizationContext): Promise<Bounce | null> {
  authorize(ctx.actor, "organization.read");
  return bounceAt(ctx, await emailOf(ctx));
}

async function bounceAt(ctx: OrganizationContext, email: string): Promise<Bounce | null> {
  const [last] = await ctx.db
    .select({ state: letters.state, at: letters.bouncedAt, error: letters.error })
    .from(letters)
    .where(and(eq(letters.recipient, email), inArray(letters.state, ["sent", "bounced"])))
    .orderBy(desc(letters.id))
    .limit(1);
  return last?.state === "bounced" && last.at ? { email, at: last.at, reason: last.error ?? "" } : null;
}
