import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { sessions, staff, users } from "#db/schema/account.ts";
import { authenticators, passkeys } from "#db/schema/factors.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { StaffRole } from "#lib/core/access/staff-roles.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { isLive } from "./rules.ts";
import type { SessionView } from "./view.ts";

export type LiveSession = {
  user: { id: Id<"user">; name: string; email: string };
  sessionId: Id<"session">;
  seenAt: Date;
  provenAt: Date;
  hasSecondFactor: boolean;
  staffRoles: StaffRole[];
};

/** The session a cookie names, unless it was revoked or is over. */
export async function liveSession(ctx: AccountContext, id: Id<"session">): Promise<LiveSession | null> {
  authorize(ctx.actor, "account.open");
  const [row] = await ctx.db
    .select({
      user: { id: users.id, name: users.name, email: users.email },
      sessionId: sessions.id,
      seenAt: sessions.seenAt,
      provenAt: sessions.provenAt,
      expiresAt: sessions.expiresAt,
      revokedAt: sessions.revokedAt,
      hasSecondFactor: sql<boolean>`exists (select from ${authenticators} where ${authenticators.userId} = ${users.id})
        or exists (select from ${passkeys} where ${passkeys.userId} = ${users.id})`,
      staffRoles: staff.roles,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(staff, and(eq(staff.userId, users.id), eq(staff.active, true)))
    .where(eq(sessions.id, id));
  if (!row || !isLive(row, ctx.now)) return null;
  const { expiresAt: _until, revokedAt: _ended, ...session } = row;
  return { ...session, staffRoles: row.staffRoles ?? [] };
}

/** Where this person is signed in, the browser in use first. */
export async function mySessions(ctx: AccountContext): Promise<SessionView[]> {
  authorize(ctx.actor, "account.manage");
  const person = personOf(ctx.actor);
  const rows = await ctx.db
    .select({
      id: sessions.id,
      address: sessions.address,
      agent: sessions.agent,
      createdAt: sessions.createdAt,
      seenAt: sessions.seenAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, person.id), isNull(sessions.revokedAt), gt(sessions.expiresAt, ctx.now)))
    .orderBy(desc(sessions.seenAt));
  const marked = rows.map((row) => ({ ...row, isThis: row.id === person.sessionId }));
  return marked.sort((a, b) => Number(b.isThis) - Number(a.isThis));
}
