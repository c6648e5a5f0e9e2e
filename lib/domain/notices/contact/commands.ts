import { randomBytes } from "node:crypto";
import { and, eq, gt, isNull } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { contactChanges } from "#db/schema/notices.ts";
import { organizations } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { bypassTenant, enterOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { resendUndelivered } from "#lib/domain/notices/commands.ts";
import { contactInput, withdrawContactInput } from "./input.ts";
import { contactAskedLetter, contactChangedLetter, contactVerifyLetter } from "./letters.ts";
import { confirmationDays } from "./rules.ts";

const clause = "T-4.2.1-DISC3";

const open = (organizationId: Id<"organization">) =>
  and(
    eq(contactChanges.organizationId, organizationId),
    isNull(contactChanges.confirmedAt),
    isNull(contactChanges.withdrawnAt),
  );

async function organizationOf(ctx: OrganizationContext) {
  const { id, name, registrationEmail: email } = organizations;
  const found = ctx.db.select({ id, name, email }).from(organizations).where(eq(id, ctx.organizationId));
  const [organization] = await found.for("update");
  if (!organization) throw new AppError("not_found", "This organization is gone.");
  return organization;
}

/** T-4.2.1-DISC3: names a new contact. The old one stays until the new one answers its letter, and is told at once. */
export const nameContact = command({
  can: "organization.write-contact",
  within: "organization",
  input: contactInput,
  run: async (ctx, { email }): Promise<void> => {
    const person = personOf(ctx.actor);
    await spendAttempt(ctx, "letter:account", ctx.organizationId);
    await transaction(ctx, async (ctx) => {
      const organization = await organizationOf(ctx);
      if (organization.email.toLowerCase() === email) {
        throw new AppError("invalid", "Check the marked fields.", {
          fields: { email: ["This is the contact already."] },
        });
      }
      await ctx.db.update(contactChanges).set({ withdrawnAt: ctx.now }).where(open(ctx.organizationId));
      const token = randomBytes(32).toString("base64url");
      const id = newId("contactChange", ctx.now);
      await ctx.db.insert(contactChanges).values({
        organizationId: ctx.organizationId,
        id,
        email,
        hash: keyedHash(token),
        requestedBy: person.id,
        createdAt: ctx.now,
        expiresAt: addDays(ctx.now, confirmationDays),
      });
      await writeAudit(ctx, {
        action: "contact.ask",
        object: { type: "organization", id: ctx.organizationId },
        before: { registrationEmail: organization.email },
        after: { registrationEmail: organization.email, asked: email },
        clause,
      });
      await post(ctx, contactVerifyLetter({ organization, email }, token));
      await post(ctx, contactAskedLetter({ organization, email: organization.email }, email, person.name));
    });
  },
});

export const withdrawContact = command({
  can: "organization.write-contact",
  within: "organization",
  input: withdrawContactInput,
  run: async (ctx, { id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const [withdrawn] = await ctx.db
        .update(contactChanges)
        .set({ withdrawnAt: ctx.now })
        .where(and(open(ctx.organizationId), eq(contactChanges.id, id)))
        .returning({ email: contactChanges.email });
      if (!withdrawn) throw await gone(ctx, id);
      await writeAudit(ctx, {
        action: "contact.withdraw",
        object: { type: "organization", id: ctx.organizationId },
        before: { asked: withdrawn.email },
        clause,
      });
    });
  },
});

async function gone(ctx: OrganizationContext, id: Id<"contactChange">): Promise<AppError> {
  const its = and(eq(contactChanges.organizationId, ctx.organizationId), eq(contactChanges.id, id));
  const known = await ctx.db.select({ id: contactChanges.id }).from(contactChanges).where(its);
  if (known.length === 0) return new AppError("not_found", "There is no such change in this organization.");
  return new AppError("conflict", "This address was confirmed or withdrawn already.");
}

/** Makes an address the contact, for the person who has the letter that was sent there; once. */
export const confirmContact = command({
  can: "account.open",
  within: "account",
  run: async (ctx, token: string): Promise<{ organization: string; email: string }> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    return transaction(ctx, async (ctx) => {
      await bypassTenant(ctx);
      const asked = and(eq(contactChanges.hash, keyedHash(token)), gt(contactChanges.expiresAt, ctx.now));
      const [change] = await ctx.db
        .update(contactChanges)
        .set({ confirmedAt: ctx.now })
        .where(and(asked, isNull(contactChanges.confirmedAt), isNull(contactChanges.withdrawnAt)))
        .returning({ organizationId: contactChanges.organizationId, email: contactChanges.email });
      if (!change)
        throw new AppError("invalid", "This link was used or withdrawn, or has expired. Ask for a new letter.");
      const inside = await enterOrganization(ctx, change.organizationId);
      const organization = await organizationOf(inside);
      await ctx.db
        .update(organizations)
        .set({ registrationEmail: change.email })
        .where(eq(organizations.id, organization.id));
      const resent = await resendUndelivered(inside, organization.email, change.email);
      await writeAudit(inside, {
        action: "contact.change",
        object: { type: "organization", id: organization.id },
        before: { registrationEmail: organization.email },
        after: { registrationEmail: change.email, noticesSentAgain: resent },
        clause,
      });
      await post(ctx, contactChangedLetter({ organization, email: organization.email }, change.email));
      return { organization: organization.name, email: change.email };
    });
  },
});
