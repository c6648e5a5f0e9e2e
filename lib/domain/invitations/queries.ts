import { and, desc, eq, ilike, isNull, or, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { invitations, organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type AccountContext, bypassTenant, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import type { InvitationFilter } from "./input.ts";
import { invitationOrder, stateOf } from "./rules.ts";
import type { InvitationView } from "./view.ts";

// Never the hash: what is not selected cannot leak.
const shown = {
  id: invitations.id,
  email: invitations.email,
  roles: invitations.roles,
  grants: invitations.grants,
  inviterName: users.name,
  createdAt: invitations.createdAt,
  sentAt: invitations.sentAt,
  expiresAt: invitations.expiresAt,
  acceptedAt: invitations.acceptedAt,
  revokedAt: invitations.revokedAt,
};

const select = (ctx: AccountContext) =>
  ctx.db.select(shown).from(invitations).leftJoin(users, eq(users.id, invitations.invitedBy)).$dynamic();

type Row = Awaited<ReturnType<typeof select>>[number];
/** Invitations no one has answered yet, newest first; expired ones stay until they are sent again or withdrawn. */
export async function openInvitations(ctx: OrganizationContext): Promise<InvitationView[]> {
  authorize(ctx.actor, "members.invite");
  const open = and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt));
  const rows = await select(ctx)
    .where(and(eq(invitations.organizationId, ctx.organizationId), open))
    .orderBy(desc(invitations.id))
    .limit(200);
  return rows.map((row) => ({ ...row, state: stateOf(row, ctx.now) }));
}

const byColumn = { email: nameKey(invitations.email), sent: instantKey(invitations.sentAt) };

/** A page of the invitations that no one has answered yet. */
export async function invitationPage(
  ctx: OrganizationContext,
  asked: InvitationFilter,
): Promise<ListPage<InvitationView>> {
  authorize(ctx.actor, "members.invite");
  const { q, state } = asked;
  const isPast = sql`${invitations.expiresAt} <= ${ctx.now.toISOString()}::timestamptz`;
  const matches = and(
    eq(invitations.organizationId, ctx.organizationId),
    isNull(invitations.acceptedAt),
    isNull(invitations.revokedAt),
    q ? or(ilike(invitations.email, containing(q)), ilike(users.name, containing(q))) : undefined,
    state && (state === "expired" ? isPast : sql`not ${isPast}`),
  );
  const page = await keysetPage(
    asked,
    { keys: byColumn, first: invitationOrder, id: invitations.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...shown, place })
          .from(invitations)
          .leftJoin(users, eq(users.id, invitations.invitedBy))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db.select(sums).from(invitations).leftJoin(users, eq(users.id, invitations.invitedBy)).where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => ({ ...row, state: stateOf(row, ctx.now) })) };
}

export type Invited = {
  organization: string;
  email: string;
  roles: Row["roles"];
  inviter: string | null;
  /** Whether the address has an account that can sign in. */
  hasAccount: boolean;
};

/** What a letter's link is about, for the person who holds it. A link that is used up, withdrawn or too old says so. */
export async function invitationBehind(ctx: AccountContext, token: string): Promise<Invited> {
  authorize(ctx.actor, "account.open");
  return transaction(ctx, async (ctx) => {
    await bypassTenant(ctx);
    const [row] = await ctx.db
      .select({
        ...shown,
        organization: organizations.name,
        hasAccount: sql<boolean>`exists (select from users as account
        where lower(account.email) = lower(${invitations.email}) and account.email_verified_at is not null)`,
      })
      .from(invitations)
      .innerJoin(organizations, eq(organizations.id, invitations.organizationId))
      .leftJoin(users, eq(users.id, invitations.invitedBy))
      .where(eq(invitations.hash, keyedHash(token)));
    refuseEnded(row, ctx.now);
    const { organization, email, roles, inviterName: inviter, hasAccount } = row;
    return { organization, email, roles, inviter, hasAccount };
  });
}

const endings = {
  accepted: "This invitation was accepted already. Sign in to go on.",
  revoked: "This invitation was withdrawn. Ask whoever invited you for a new one.",
  expired: "This invitation has expired. Ask whoever invited you to send it again.",
} as const;

/** Lets an open invitation through; the link of one that was sent again is unknown. */
export function refuseEnded<R extends Pick<Row, "acceptedAt" | "revokedAt" | "expiresAt">>(
  row: R | undefined,
  now: Date,
): asserts row is R {
  if (!row) {
    const message = "This link is not that of an invitation. If a newer letter came, open the link in that one.";
    throw new AppError("invalid", message, { code: "unknown_invitation" });
  }
  const state = stateOf(row, now);
  if (state !== "open") throw new AppError("invalid", endings[state], { code: `invitation_${state}` });
}
