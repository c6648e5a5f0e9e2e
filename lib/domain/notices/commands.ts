import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { letterAttempts, letters } from "#db/schema/notices.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { storedClause } from "#lib/core/clauses/register.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { isBinding, said } from "#lib/core/mail/kinds.ts";
import type { Letter } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { resendInput, settleInput } from "./input.ts";
import { alsoBy, takeBack } from "./legal/returns/commands.ts";
import { countsAsBounced } from "./legal/rules.ts";

type Kept = typeof letters.$inferSelect;

async function locked(ctx: AccountContext, id: Id<"letter">): Promise<Kept> {
  const [letter] = await ctx.db.select().from(letters).where(eq(letters.id, id)).for("update");
  if (!letter) throw new AppError("not_found", "There is no such letter.");
  return letter;
}

/** Keeps that a letter came back after the mail server had taken it, as a mailbox or a relay told us. */
export const reportBounce = command({
  can: "letters.decide",
  within: "account",
  run: async (ctx, { id, reason }: { id: Id<"letter">; reason: string }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const letter = await locked(ctx, id);
      if (letter.state === "bounced") return;
      const number = letter.attempts + 1;
      const attempt = { letterId: id, number, at: ctx.now, ms: 0, outcome: "bounced", answer: said(reason) } as const;
      await ctx.db.insert(letterAttempts).values(attempt);
      await ctx.db
        .update(letters)
        .set({ state: "bounced", bouncedAt: ctx.now, error: said(reason), attempts: number })
        .where(eq(letters.id, id));
      if (letter.organizationId && letter.sentAt && countsAsBounced(letter.sentAt, ctx.now))
        await takeBack(inOrganization(ctx, letter.organizationId), id, letter.sentAt);
      await note(ctx, letter, "notice.bounce", { reason });
    });
  },
});

/** Writes a letter that did not arrive again: to the registration contact of today, where it is for the organization. */
export const resendLetter = command({
  can: "letters.decide",
  within: "account",
  input: resendInput,
  run: async (ctx, { id }): Promise<Id<"letter">> => {
    return transaction(ctx, async (ctx) => {
      const letter = await locked(ctx, id);
      if (letter.settledAt || !["bounced", "failed"].includes(letter.state)) {
        throw new AppError("conflict", "This letter arrived, is still under way, or somebody has seen to it already.");
      }
      const recipient = (await contactOf(ctx, letter.organizationId)) ?? letter.recipient;
      const again = await postAgain(ctx, letter, recipient);
      await note(ctx, letter, "notice.resend", { letter: again, recipient });
      return again;
    });
  },
});

async function postAgain(ctx: AccountContext, letter: Kept, recipient: string): Promise<Id<"letter">> {
  const { kind, subject, text, html, clause, organizationId } = letter;
  await ctx.db.update(letters).set({ settledAt: ctx.now }).where(eq(letters.id, letter.id));
  const again = await post(ctx, {
    kind,
    recipient,
    subject,
    text,
    html,
    ...storedClause(clause),
    ...(organizationId && { organizationId }),
  });
  if (organizationId) await alsoBy(inOrganization(ctx, organizationId), letter.id, again);
  return again;
}

/** T-4.2.1-DISC3: once an organization has a new contact, what did not arrive at the old one goes there. */
export const resendUndelivered = command({
  can: "account.open",
  within: "organization",
  run: async (ctx, from: string, to: string): Promise<number> => {
    const lost = await ctx.db
      .select()
      .from(letters)
      .where(
        and(
          eq(letters.organizationId, ctx.organizationId),
          eq(letters.recipient, from),
          inArray(letters.state, ["bounced", "failed"]),
          isNull(letters.settledAt),
        ),
      )
      .orderBy(asc(letters.id));
    const notices = lost.filter(({ kind }) => isBinding(kind) && !kind.startsWith("contact."));
    for (const letter of notices) await postAgain(ctx, letter, to);
    return notices.length;
  },
});

/** Takes a letter out of the queue of those that did not arrive, with what was done about it. */
export const settleLetter = command({
  can: "letters.decide",
  within: "account",
  input: settleInput,
  run: async (ctx, { id, reason }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const letter = await locked(ctx, id);
      if (letter.settledAt) throw new AppError("conflict", "Somebody has seen to this letter already.");
      await ctx.db.update(letters).set({ settledAt: ctx.now }).where(eq(letters.id, id));
      await note(ctx, letter, "notice.settle", { reason });
    });
  },
});

/** What is done about a customer's letter is the customer's to see. */
async function note(
  ctx: AccountContext,
  letter: Kept,
  action: AuditAction,
  after: Record<string, unknown>,
): Promise<void> {
  const { organizationId, id, clause } = letter;
  if (!organizationId) return;
  await writeAudit(inOrganization(ctx, organizationId), {
    action,
    object: { type: "letter", id },
    after,
    ...storedClause(clause),
  });
}

async function contactOf(ctx: AccountContext, id: Id<"organization"> | null): Promise<string | undefined> {
  if (id === null) return undefined;
  const [found] = await ctx.db
    .select({ email: organizations.registrationEmail })
    .from(organizations)
    .where(eq(organizations.id, id));
  return found?.email;
}

type Addressee = { email: string; name: string };

/**
 * T-4.2.1-DISC3: writes to the registration contact first and to every admin of the organization, once to each address, in
 * the caller's transaction. Whatever the contract makes the provider tell goes out through here.
 */
export const notifyOrganization = part(
  async (ctx: OrganizationContext, letterTo: (to: Addressee) => Letter): Promise<Id<"letter">[]> => {
    const [organization] = await ctx.db
      .select({ email: organizations.registrationEmail, name: organizations.name })
      .from(organizations)
      .where(eq(organizations.id, ctx.organizationId));
    if (!organization) throw new AppError("not_found", "There is no such organization.");
    const admins = await ctx.db
      .select({ email: users.email, name: users.name })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.organizationId, ctx.organizationId), sql`'organization_admin' = any(${members.roles})`))
      .orderBy(asc(members.createdAt), asc(users.id));
    // An admin whose address is the contact is greeted by name.
    const contact = admins.find(({ email }) => email.toLowerCase() === organization.email.toLowerCase());
    const everybody = [contact ?? organization, ...admins];
    const once = everybody.filter(
      ({ email }, i) => everybody.findIndex((other) => other.email.toLowerCase() === email.toLowerCase()) === i,
    );
    const posted: Id<"letter">[] = [];
    for (const to of once) posted.push(await post(ctx, { ...letterTo(to), organizationId: ctx.organizationId }));
    return posted;
  },
);
