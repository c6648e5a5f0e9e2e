import { randomBytes } from "node:crypto";
import { and, desc, eq, gte, isNull, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { calendars } from "#db/schema/account.ts";
import { deadlines } from "#db/schema/contract.ts";
import { signInRules } from "#db/schema/domains.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { calendarText } from "#lib/core/calendar.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, bypassTenant, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import { hasFactor } from "#lib/domain/account/factors/rules.ts";
import { type ClockName, clocks } from "#lib/domain/deadlines/rules.ts";
import { labelColumn } from "#lib/domain/deadlines/subjects/rules.ts";
import { calendarToken } from "./input.ts";
import { entryOf, eventsMost, isCancelled, toldSince } from "./rules.ts";
import type { CalendarEvent } from "./view.ts";

/** Makes the address of this person's calendar, in place of the one before. It is shown once and kept as a hash. */
export const makeCalendar = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<{ address: string }> => {
    const token = randomBytes(32).toString("base64url");
    const made = { hash: keyedHash(token), createdAt: ctx.now, readAt: null };
    await ctx.db
      .insert(calendars)
      .values({ userId: personOf(ctx.actor).id, ...made })
      .onConflictDoUpdate({ target: calendars.userId, set: made });
    return { address: publicLink(`/calendar/${token}.ics`) };
  },
});

/** Takes the address back: nothing is read at it from now on. */
export const revokeCalendar = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.delete(calendars).where(eq(calendars.userId, personOf(ctx.actor).id));
  },
});

/**
 * What a calendar program reads. Whose it is and what they may see is asked each time: of an organization's agreement all of
 * its dates, else those of the person's own keys, and of an organization they left nothing.
 */
export const readCalendar = command({
  can: "account.open",
  within: "account",
  run: (ctx, token: string): Promise<string> =>
    transaction(ctx, async (ctx) => {
      const userId = await readerOf(ctx, token);
      const events: CalendarEvent[] = [];
      for (const place of await placesOf(ctx, userId)) events.push(...(await eventsOf(ctx, userId, place)));
      const { PROVIDER_NAME: provider } = env();
      const host = new URL(publicLink("/")).hostname;
      return calendarText(
        { provider, name: `${provider}: deadlines` },
        events.map((one) => entryOf(host, one)),
      );
    }),
});

async function readerOf(ctx: AccountContext, token: string): Promise<Id<"user">> {
  const gone = new AppError("not_found", "There is no such calendar.");
  if (!calendarToken.safeParse(token).success) throw gone;
  const its = eq(calendars.hash, keyedHash(token));
  const [found] = await ctx.db
    .select({ userId: calendars.userId, readAt: calendars.readAt })
    .from(calendars)
    .where(its);
  if (!found) throw gone;
  if (found.readAt === null || addMinutes(found.readAt, 1) < ctx.now)
    await ctx.db.update(calendars).set({ readAt: ctx.now }).where(its);
  // The token has shown whose deadlines these are; nothing before it was reached.
  await bypassTenant(ctx);
  return found.userId;
}

type Place = { id: Id<"organization">; name: string; seesAll: boolean };

/** The organizations of a person. One that asks for a second factor is none of who has none. */
async function placesOf(ctx: AccountContext, userId: Id<"user">): Promise<Place[]> {
  const rows = await ctx.db
    .select({
      id: organizations.id,
      name: organizations.name,
      roles: members.roles,
      needsFactor: sql<boolean>`coalesce(${signInRules.requiresSecondFactor}, false)`,
    })
    .from(members)
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .leftJoin(signInRules, eq(signInRules.organizationId, members.organizationId))
    .where(and(eq(members.userId, userId), isNull(organizations.deletedAt)))
    .orderBy(organizations.id);
  const hasOne = hasFactor(await meansOf(ctx, userId));
  return rows
    .filter(({ needsFactor }) => hasOne || !needsFactor)
    .map(({ id, name, roles }) => ({
      ...{ id, name },
      seesAll: permissionsOf(rolePermissions, roles).has("contract.read"),
    }));
}

async function eventsOf(ctx: AccountContext, userId: Id<"user">, place: Place): Promise<CalendarEvent[]> {
  const own = sql`deadlines.subject_kind = 'key' and exists (select from keys
    where keys.organization_id = deadlines.organization_id and keys.id = deadlines.subject_id and keys.owner_id = ${userId})`;
  const isTold = or(
    and(isNull(deadlines.metAt), isNull(deadlines.cancelledAt)),
    gte(deadlines.changedAt, toldSince(ctx.now)),
  );
  const rows = await ctx.db
    .select({
      id: deadlines.id,
      clock: sql<ClockName>`deadlines.clock`,
      clause: deadlines.clause,
      label: sql<string | null>`${sql.raw(labelColumn)}`,
      openedAt: deadlines.openedAt,
      dueAt: deadlines.dueAt,
      metAt: deadlines.metAt,
      cancelledAt: deadlines.cancelledAt,
      sequence: deadlines.sequence,
      changedAt: deadlines.changedAt,
    })
    .from(deadlines)
    .where(and(eq(deadlines.organizationId, place.id), isTold, place.seesAll ? undefined : own))
    .orderBy(desc(deadlines.dueAt), desc(deadlines.id))
    .limit(eventsMost);
  return rows.map((row) => ({
    id: row.id,
    title: `${clocks[row.clock].words}${row.label ? ` (${row.label})` : ""}`,
    clause: row.clause,
    organizationName: place.name,
    at: row.dueAt,
    sequence: row.sequence,
    changedAt: row.changedAt ?? row.openedAt,
    isCancelled: isCancelled(row),
  }));
}
