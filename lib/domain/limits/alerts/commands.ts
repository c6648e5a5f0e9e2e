import { and, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { spendAlerts, spendLimits } from "#db/schema/limits.ts";
import { monthOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { decimalString } from "#lib/core/money.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import { limitLetter } from "#lib/domain/limits/letters.ts";
import { limitsOf } from "#lib/domain/limits/queries.ts";
import { isReached, type LimitStanding } from "#lib/domain/limits/rules.ts";
import { recipientsOf, subjectOf } from "./queries.ts";
import { dueAlerts } from "./rules.ts";

/** A lifetime has no month: the day before all of them stands for it. */
const alertMonth = ({ period }: Pick<LimitStanding, "period">, now: Date): string =>
  period === "lifetime" ? "0001-01-01" : monthOf(now);

/** T-4.2.2.2-LIM3: writes about every limit that has reached a step no one was told of; returns how many letters went out. */
export const sendAlerts = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let sent = 0;
    for (const { organizationId } of await candidates(ctx)) {
      // One organization's trouble must not keep the letters of all others.
      sent += await sendIn(inOrganization(ctx, organizationId)).catch((error: unknown) => {
        logError("limits.send-alerts", error, { organization: organizationId });
        return 0;
      });
    }
    return sent;
  },
});

/**
 * Organizations with a limit that has a step left to write about: what is spent has reached it, or comes so near the
 * limit that what is left may be too little for any request.
 */
async function candidates(ctx: AccountContext): Promise<{ organizationId: Id<"organization"> }[]> {
  const month = monthOf(ctx.now);
  return ctx.db.execute<{ organizationId: Id<"organization"> }>(sql`
    select distinct limits.organization_id as "organizationId" from ${spendLimits} as limits
    cross join lateral (select coalesce(sum(settled_pico), 0) as pico from spend_months as counter
      where counter.organization_id = limits.organization_id and counter.scope = limits.scope
        and counter.scope_id = any (counted_scopes(limits.organization_id, limits.scope, limits.scope_id)) and (limits.period = 'lifetime' or counter.month = ${month})) as settled
    cross join lateral unnest(limits.alert_percents) as step
    where settled.pico * 100 >= limits.limit_pico * least(step, 90)
      and not exists (select from ${spendAlerts} as alert where alert.organization_id = limits.organization_id
        and alert.scope = limits.scope and alert.scope_id = limits.scope_id and alert.period = limits.period
        and alert.month = case limits.period when 'lifetime' then date '0001-01-01' else ${month}::date end
        and alert.percent = step)`);
}

async function sendIn(ctx: OrganizationContext): Promise<number> {
  let sent = 0;
  for (const standing of await limitsOf(ctx)) if (await sendAbout(ctx, standing)) sent += 1;
  return sent;
}

/** Notes the steps and sends the letter in one transaction: of two workers, the one whose rows are kept writes. */
async function sendAbout(ctx: OrganizationContext, standing: LimitStanding): Promise<boolean> {
  const { limitPico, scope, scopeId, period } = standing;
  if (limitPico === null) return false;
  const about = { organizationId: ctx.organizationId, scope, scopeId, period, month: alertMonth(standing, ctx.now) };
  return transaction(ctx, async (ctx) => {
    const steps = await ctx.db
      .select({ percent: spendAlerts.percent })
      .from(spendAlerts)
      .where(
        and(
          eq(spendAlerts.organizationId, ctx.organizationId),
          eq(spendAlerts.scope, scope),
          eq(spendAlerts.scopeId, scopeId),
          eq(spendAlerts.period, period),
          eq(spendAlerts.month, about.month),
        ),
      );
    const { due, letter } = dueAlerts(
      { ...standing, limitPico },
      steps.map(({ percent }) => percent),
      isReached(standing),
    );
    if (due.length === 0) return false;
    const kept = await ctx.db
      .insert(spendAlerts)
      .values(due.toSorted((a, b) => a - b).map((percent) => ({ ...about, percent, at: ctx.now })))
      .onConflictDoNothing()
      .returning({ percent: spendAlerts.percent });
    if (letter === null || !kept.some(({ percent }) => percent === letter)) return false;
    await write(ctx, standing, letter);
    return true;
  });
}

async function write(ctx: OrganizationContext, standing: LimitStanding, step: number): Promise<void> {
  const subject = await subjectOf(ctx, standing);
  if (!subject) return;
  await publishWebhookEvent(ctx, isReached(standing) ? "limit.reached" : "limit.threshold_crossed", {
    scope: subject.scope,
    scope_id: standing.scopeId,
    name: subject.name,
    workspace_id: subject.workspaceId,
    period: standing.period,
    percent: step,
    spent_eur: decimalString(standing.settledPico),
    limit_eur: decimalString(standing.limitPico ?? 0n),
  });
  const spending = await spendRate(ctx, standing);
  for (const to of await recipientsOf(ctx, subject)) {
    await post(ctx, limitLetter({ to, standing, step, subject, spendRate: spending, now: ctx.now }));
  }
}
