import { and, count, gte, inArray, isNotNull, lte, or, sql } from "drizzle-orm";
import { ticketRatings, tickets } from "#db/schema/help.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays, dayMs } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { supportHoursOf } from "#lib/core/support-hours.ts";
import { workBetween } from "#lib/domain/help/clocks/rules.ts";
import { ages, figureDays, percentile } from "./rules.ts";
import type { DeskFigures } from "./view.ts";

const mostAnswers = 5000;

/** How the desk did in the last 30 days, and what waits now. */
export async function deskFigures(ctx: AccountContext): Promise<DeskFigures> {
  authorize(ctx.actor, "desk.read");
  const since = addDays(ctx.now, -figureDays);
  const [opened, answers, open, [over], [legal], [rated]] = await Promise.all([
    ctx.db.$count(tickets, gte(tickets.createdAt, since)),
    ctx.db
      .select({ from: tickets.createdAt, to: tickets.firstAnsweredAt })
      .from(tickets)
      .where(gte(tickets.firstAnsweredAt, since))
      .limit(mostAnswers),
    ctx.db
      .select({ at: tickets.createdAt })
      .from(tickets)
      .where(inArray(tickets.state, ["open", "waiting"])),
    ctx.db
      .select({ resolved: count(), reopened: sql<number>`count(*) filter (where ${tickets.reopened} > 0)::int` })
      .from(tickets)
      .where(or(gte(tickets.resolvedAt, since), and(sql`${tickets.reopened} > 0`, gte(tickets.changedAt, since)))),
    ctx.db
      .select({
        due: count(),
        inTime: sql<number>`count(*) filter (where ${tickets.resolvedAt} <= ${tickets.legalDueAt})::int`,
      })
      .from(tickets)
      .where(
        and(
          isNotNull(tickets.legalDueAt),
          or(gte(tickets.resolvedAt, since), and(lte(tickets.legalDueAt, ctx.now), gte(tickets.legalDueAt, since))),
        ),
      ),
    ctx.db
      .select({ all: count(), good: sql<number>`count(*) filter (where ${ticketRatings.isGood})::int` })
      .from(ticketRatings)
      .where(gte(ticketRatings.at, since)),
  ]);
  const { SUPPORT_HOURS, SUPPORT_HOLIDAYS } = env();
  const hours = supportHoursOf(SUPPORT_HOURS, SUPPORT_HOLIDAYS);
  const worked = hours ? answers.flatMap(({ from, to }) => (to ? [workBetween(hours, from, to)] : [])) : [];
  const days = open.map(({ at }) => (ctx.now.getTime() - at.getTime()) / dayMs);
  return {
    opened,
    firstAnswerMs: { p50: percentile(worked, 0.5), p90: percentile(worked, 0.9) },
    backlog: ages.map(({ label, days: most }, at) => ({
      label,
      tickets: days.filter((age) => age < most && age >= (ages[at - 1]?.days ?? -1)).length,
    })),
    resolved: over?.resolved ?? 0,
    reopened: over?.reopened ?? 0,
    legal: legal ?? { due: 0, inTime: 0 },
    ratings: rated ?? { all: 0, good: 0 },
  };
}
