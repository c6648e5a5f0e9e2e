import { randomBytes } from "node:crypto";
import { and, count, eq, gte, inArray, isNull, lte, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { invitations, members, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import {
  type AccountContext,
  actingAs,
  bypassTenant,
  enterOrganization,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { effective, planOf } from "#lib/domain/contract/values/rules.ts";
import { invitationLetter } from "#lib/domain/members/letters.ts";
import { lockOrganization } from "#lib/domain/organizations/commands.ts";
import { hasRoomFor } from "#lib/domain/organizations/plan/rules.ts";
import type { InviteInput } from "./input.ts";
import { invitationInput, invitationsInput } from "./input.ts";
import { openInvitations, refuseEnded } from "./queries.ts";
import { invitationDays, invitationsAWeekMax, isSameAddress, resendAfterMinutes } from "./rules.ts";
import type { InvitationView } from "./view.ts";

type Row = typeof invitations.$inferSelect;

/** Invites people by letter; all of them, or no one when one of the addresses cannot be invited. */
export const invite = command({
  can: "members.invite",
  within: "organization",
  run: async (ctx, { emails, roles, grants }: InviteInput): Promise<InvitationView[]> => {
    return transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      const { name } = await lockOrganization(ctx);
      await endExpired(ctx);
      await refuseKnown(ctx, emails);
      await refuseFull(ctx, emails.length);
      await refuseForeign(ctx, grants);
      for (const email of emails) {
        const id = newId("invitation", ctx.now);
        const invitedBy = ctx.actor.kind === "user" ? ctx.actor.id : null;
        const draft = { organizationId, id, email, roles, grants, invitedBy, createdAt: ctx.now };
        const { token, ...fresh } = link(ctx);
        await ctx.db.insert(invitations).values({ ...draft, ...fresh });
        await write(ctx, { email, roles, expiresAt: fresh.expiresAt }, name, token);
        const object = { type: "invitation", id };
        await writeAudit(ctx, { action: "invitation.create", object, after: { email, roles, grants } });
      }
      const open = await openInvitations(ctx);
      return open.filter(({ email }) => emails.includes(email));
    });
  },
});

/** What a letter's link carries, and what is kept of it. */
function link({ now }: AccountContext): Pick<Row, "hash" | "sentAt" | "expiresAt"> & { token: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: keyedHash(token), sentAt: now, expiresAt: addDays(now, invitationDays) };
}

async function write(
  ctx: OrganizationContext,
  { email, roles, expiresAt }: Pick<Row, "email" | "roles" | "expiresAt">,
  name: string,
  token: string,
): Promise<void> {
  const inviter = ctx.actor.kind === "user" ? ctx.actor.name : null;
  const organization = { id: ctx.organizationId, name };
  const as = roles.length > 1 ? roles.filter((role) => role !== "member") : roles;
  await post(ctx, invitationLetter({ email, inviter, organization, roles: as, token, expiresAt }));
}

const isOpen = (ctx: OrganizationContext) =>
  and(
    eq(invitations.organizationId, ctx.organizationId),
    isNull(invitations.acceptedAt),
    isNull(invitations.revokedAt),
  );

/** An expired invitation makes room for a new one to the same address. */
async function endExpired(ctx: OrganizationContext): Promise<void> {
  const expired = and(isOpen(ctx), lte(invitations.expiresAt, ctx.now));
  await ctx.db.update(invitations).set({ revokedAt: ctx.now }).where(expired);
}

const refused = (message: string): AppError =>
  new AppError("conflict", "Check the marked fields.", { fields: { emails: [message] } });

async function refuseKnown(ctx: OrganizationContext, emails: string[]): Promise<void> {
  const known = await ctx.db
    .select({ email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, ctx.organizationId), inArray(sql`lower(${users.email})`, emails)));
  if (known[0]) throw refused(`${known[0].email} is a member already.`);
  const recent = await ctx.db
    .select({ email: invitations.email, times: count(), open: sql<boolean>`bool_or(${isOpen(ctx)})` })
    .from(invitations)
    .where(
      and(
        eq(invitations.organizationId, ctx.organizationId),
        inArray(invitations.email, emails),
        gte(invitations.createdAt, addDays(ctx.now, -invitationDays)),
      ),
    )
    .groupBy(invitations.email);
  const waiting = recent.find(({ open }) => open);
  if (waiting) throw refused(`${waiting.email} is invited already. Send that invitation again instead.`);
  const flooded = recent.find(({ times }) => times >= invitationsAWeekMax);
  if (flooded) throw refused(`${flooded.email} was invited too often in the last days. Try again later.`);
}

/** The free plan has room for a few people; who is invited counts. */
async function refuseFull(ctx: OrganizationContext, more: number): Promise<void> {
  const people = await countMembers(ctx);
  const [row] = await ctx.db.select({ open: count() }).from(invitations).where(isOpen(ctx));
  await refuseCrowd(ctx, people + (row?.open ?? 0), more);
}

/** As many people as the plan or an order has room for. */
async function refuseCrowd(ctx: OrganizationContext, people: number, more: number): Promise<void> {
  const facts = await contractSources(ctx);
  const most = effective(facts, "members.max", ctx.now);
  if (!most || hasRoomFor(most.value, people, more)) return;
  const plan = planOf(facts, ctx.now);
  const whose = most.source.kind === "plan" ? `On the ${plan} plan` : `By ${most.source.title}`;
  const remedy = plan === "free" ? "Upgrade to the paid plan for more." : "Ask us for another order for more.";
  const message = `${whose} an organization has at most ${most.value} people, invited ones included. ${remedy}`;
  throw new AppError("conflict", message, { code: "member_limit" });
}

async function countMembers(ctx: OrganizationContext): Promise<number> {
  const [row] = await ctx.db
    .select({ people: count() })
    .from(members)
    .where(eq(members.organizationId, ctx.organizationId));
  return row?.people ?? 0;
}

async function refuseForeign(ctx: OrganizationContext, grants: InviteInput["grants"]): Promise<void> {
  if (grants.length === 0) return;
  const wanted = [...new Set(grants.map(({ workspaceId }) => workspaceId))];
  const found = await ctx.db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(
      and(
        eq(workspaces.organizationId, ctx.organizationId),
        inArray(workspaces.id, wanted),
        isNull(workspaces.archivedAt),
      ),
    );
  if (found.length < wanted.length) {
    throw new AppError("not_found", "There is no such workspace in this organization, or it is archived.");
  }
}

async function waiting(ctx: OrganizationContext, id: Id<"invitation">): Promise<Row> {
  const [row] = await ctx.db
    .select()
    .from(invitations)
    .where(and(isOpen(ctx), eq(invitations.id, id)))
    .for("update");
  if (!row) throw new AppError("not_found", "There is no such open invitation in this organization.");
  return row;
}

const named = ({ organizationId, id }: Pick<Row, "organizationId" | "id">) =>
  and(eq(invitations.organizationId, organizationId), eq(invitations.id, id));

/** Sends another letter with a link of its own, for another seven days; the link of the old letter is worth nothing. */
export const resendInvitation = command({
  can: "members.invite",
  within: "organization",
  input: invitationInput,
  run: async (ctx, { invitation: id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const { name } = await lockOrganization(ctx);
      const row = await waiting(ctx, id);
      if (row.sentAt > addMinutes(ctx.now, -resendAfterMinutes)) {
        throw new AppError("rate_limited", "A letter went out a moment ago. Wait a minute before you send another.");
      }
      const { token, ...fresh } = link(ctx);
      await ctx.db.update(invitations).set(fresh).where(named(row));
      await write(ctx, { ...row, expiresAt: fresh.expiresAt }, name, token);
      const object = { type: "invitation", id };
      await writeAudit(ctx, {
        action: "invitation.resend",
        object,
        after: { email: row.email, expiresAt: fresh.expiresAt },
      });
    });
  },
});

/** Withdraws an invitation: its link is worth nothing any more. */
export const revokeInvitation = command({
  can: "members.invite",
  within: "organization",
  input: invitationInput,
  run: async (ctx, { invitation: id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const row = await waiting(ctx, id);
      await ctx.db.update(invitations).set({ revokedAt: ctx.now }).where(named(row));
      const object = { type: "invitation", id };
      await writeAudit(ctx, { action: "invitation.revoke", object, before: { email: row.email } });
    });
  },
});

/** Withdraws several invitations, all or none. */
export const revokeInvitations = command({
  can: "members.invite",
  within: "organization",
  input: invitationsInput,
  run: async (ctx, { ids }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      for (const invitation of [...new Set(ids)].toSorted()) await revokeInvitation(ctx, { invitation });
    });
  },
});

/** Takes the invitation behind a letter's link, once; only with the account of the address it was sent to. */
export const acceptInvitation = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, token: string): Promise<Id<"organization">> => {
    const { id: userId, email } = personOf(ctx.actor);
    return transaction(ctx, async (ctx) => {
      await bypassTenant(ctx);
      const [row] = await ctx.db
        .select()
        .from(invitations)
        .where(eq(invitations.hash, keyedHash(token)))
        .for("update");
      refuseEnded(row, ctx.now);
      if (!isSameAddress(row.email, email)) {
        throw new AppError("forbidden", `This invitation is for ${row.email}. Sign in with that address to accept it.`);
      }
      const { organizationId, roles, grants } = row;
      const inside = await enterOrganization(actingAs(ctx, withReading(ctx.actor)), organizationId);
      await lockOrganization(inside);
      const [added] = await ctx.db
        .insert(members)
        .values({ organizationId, userId, roles, createdAt: ctx.now })
        .onConflictDoNothing()
        .returning({ userId: members.userId });
      await refuseCrowd(inside, await countMembers(inside), 0);
      const given = added ? grants.filter(({ roles }) => roles.length > 0) : [];
      for (const { workspaceId, roles } of given) {
        const membership = { organizationId, workspaceId, userId, roles, createdAt: ctx.now };
        await ctx.db.insert(workspaceMembers).values(membership).onConflictDoNothing();
      }
      await ctx.db.update(invitations).set({ acceptedAt: ctx.now, acceptedBy: userId }).where(named(row));
      const object = { type: "user", id: userId };
      await writeAudit(inside, { action: "member.join", object, after: { email, roles, grants, invitation: row.id } });
      await publishWebhookEvent(inside, "member.joined", { user_id: userId, email, roles });
      return organizationId;
    });
  },
});

/** A person who holds an open invitation may know of the organization before being a member of it. */
const withReading = (actor: AccountContext["actor"]): AccountContext["actor"] => ({
  ...actor,
  permissions: new Set([...actor.permissions, "organization.read" as const]),
});
