import { randomBytes } from "node:crypto";
import { and, desc, eq, exists, gt, isNull, lt, type SQL, sql } from "drizzle-orm";
import { isId, newId } from "#db/id.ts";
import { guestLinks } from "#db/schema/guests.ts";
import { organizations } from "#db/schema/organizations.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, actingAs, bypassTenant, enterOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { countAttempt, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";
import { recordFor } from "#lib/domain/help/records/commands.ts";
import { numberWords } from "#lib/domain/help/rules.ts";
import { beginTicket } from "#lib/domain/help/thread/commands.ts";
import { guestLinkInput, guestTicketInput } from "./input.ts";
import { guestLinkLetter } from "./letters.ts";
import { guestHours } from "./rules.ts";

/** Several former customers may have had one name and one contact. */
const mostLinks = 5;

/** A former customer that has no admin any more. */
const isLeft = sql`${organizations.status} = 'terminated' and not exists (select from members
  where members.organization_id = ${organizations.id} and 'organization_admin' = any(members.roles))`;

const hasContact = (email: string | typeof guestLinks.email): SQL =>
  sql`lower(${organizations.registrationEmail}) = lower(${email})`;

/** Sends the link to ask for a deletion, if this is the contact of such an organization; answers alike in every case. */
export const sendGuestLink = command({
  can: "account.open",
  within: "account",
  input: guestLinkInput,
  run: async (ctx, { organization, email }): Promise<void> => {
    await spendAttempt(ctx, "letter:address", addressBlock(ctx.origin.address));
    const allowed = await countAttempt(ctx, "letter:account", email);
    if (!allowed) return;
    await transaction(ctx, async (ctx) => {
      await bypassTenant(ctx);
      const byName = eq(sql`lower(${organizations.name})`, organization.toLowerCase());
      const named = isId("organization", organization) ? eq(organizations.id, organization) : byName;
      const found = await ctx.db
        .select({ id: organizations.id, name: organizations.name, email: organizations.registrationEmail })
        .from(organizations)
        .where(and(named, hasContact(email), isLeft))
        .orderBy(desc(organizations.createdAt))
        .limit(mostLinks);
      for (const { email, ...organization } of found) await sendTo(ctx, { organization, email });
    });
  },
});

async function sendTo(ctx: AccountContext, about: Parameters<typeof guestLinkLetter>[0]): Promise<void> {
  const inside = await enterOrganization(ctx, about.organization.id);
  const token = randomBytes(32).toString("base64url");
  const id = newId("guestLink", ctx.now);
  await inside.db.insert(guestLinks).values({
    organizationId: inside.organizationId,
    id,
    email: about.email,
    hash: keyedHash(token),
    createdAt: ctx.now,
    expiresAt: addMinutes(ctx.now, guestHours * 60),
  });
  await writeAudit(inside, { action: "help.send-guest-link", object: { type: "guest_link", id } });
  await post(inside, guestLinkLetter(about, token));
}

/** Opens a ticket for the person who has the letter, once. What it asks for waits until staff sign for who they are. */
export const openGuestTicket = command({
  can: "account.open",
  within: "account",
  input: guestTicketInput,
  run: async (ctx, { token, kind, target, body }): Promise<{ number: string }> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    return transaction(ctx, async (ctx) => {
      const { organizationId, email } = await redeem(ctx, token);
      const inside = actingAs(await enterOrganization(ctx, organizationId), guest);
      const details = kind === "delete_data" ? { about: "other", target } : { target };
      const recordId = await recordFor(inside, kind, details);
      const subject = kindOf(kind).title;
      const asked = { kind, subject, body, details, guestEmail: email, ...(recordId && { recordId }) };
      return { number: numberWords((await beginTicket(inside, asked)).number) };
    });
  },
});

const guest: Actor = { kind: "anonymous", id: "anonymous", name: "Guest", permissions: new Set(["help.write"]) };

async function redeem(ctx: AccountContext, token: string) {
  await bypassTenant(ctx);
  const stands = ctx.db
    .select({ one: sql`1` })
    .from(organizations)
    .where(and(eq(organizations.id, guestLinks.organizationId), hasContact(guestLinks.email), isLeft));
  const good = and(eq(guestLinks.hash, keyedHash(token)), isNull(guestLinks.usedAt), gt(guestLinks.expiresAt, ctx.now));
  const [link] = await ctx.db
    .update(guestLinks)
    .set({ usedAt: ctx.now })
    .where(and(good, exists(stands)))
    .returning({ organizationId: guestLinks.organizationId, email: guestLinks.email });
  if (!link) throw new AppError("invalid", "This link was used already or has expired. Ask for a new one.");
  return link;
}

/** For how long a link that is over is kept, to be told apart from one that never was. */
const overDays = 30;

/** Forgets links that are over for a while; the ticket that one opened stays. */
export const forgetLinks = part(async (ctx: AccountContext): Promise<void> => {
  await ctx.db.delete(guestLinks).where(lt(guestLinks.expiresAt, addDays(ctx.now, -overDays)));
});
