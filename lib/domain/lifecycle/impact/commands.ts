import { and, eq, isNull, lt, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { modelChanges, modelReminders, modelUses } from "#db/schema/models.ts";
import { addDays, dayOf, startOfDay } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { endNearLetter } from "#lib/domain/lifecycle/letters.ts";
import { modelEndFacts } from "#lib/domain/lifecycle/queries.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { reminderDays, usesDays } from "./rules.ts";

/**
 * T-4.2.1-DISC4: counts who asks models that end, from the day before it was last done: events of long answers come late.
 * Counting a day again counts it once.
 */
export const rollUses = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const oldest = dayOf(addDays(ctx.now, -usesDays));
    const open = await ctx.db.select().from(modelChanges).where(isNull(modelChanges.retiredAt));
    for (const { id, modelId, usesRolledAt } of open) {
      const since = usesRolledAt ? dayOf(addDays(usesRolledAt, -1)) : oldest;
      await transaction(ctx, async (ctx) => {
        await roll(ctx, modelId, since > oldest ? since : oldest);
        await ctx.db
          .update(modelChanges)
          .set({ usesRolledAt: ctx.now })
          .where(and(eq(modelChanges.id, id), isNull(modelChanges.retiredAt)));
      });
    }
    await ctx.db.delete(modelUses).where(lt(modelUses.day, oldest));
  },
});

const roll = (ctx: AccountContext, model: string, since: string) =>
  ctx.db.execute(sql`
    insert into model_uses (organization_id, model_id, day, workspace_id, key_id, agent_id, requested_model, requests, last_at)
    select organization_id, ${model}, (at at time zone 'UTC')::date, workspace_id, coalesce(key_id, ''), coalesce(agent_id, ''),
      requested_model, count(*), max(at)
    from usage_events
    where at >= ${startOfDay(since).toISOString()}::timestamptz and at <= ${ctx.now.toISOString()}::timestamptz
      and kind = 'request' and outcome <> 'refused'
      and (model = ${model} or model in (select id from tuned_models where tuned_models.model = ${model}))
    group by 1, 3, 4, 5, 6, 7
    on conflict (organization_id, model_id, day, workspace_id, key_id, agent_id, requested_model)
      do update set requests = excluded.requests, last_at = excluded.last_at`);

type Near = {
  organization_id: Id<"organization">;
  change_id: Id<"modelChange">;
  ends_ms: number;
  days: number;
  requests: number;
};

/** T-4.2.1-DISC4: reminds customers who still ask a model 90, 30, 7 and 1 days before its end for them, each once. */
export const remindOfEnds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    for (const near of await nearEnds(ctx))
      await transaction(inOrganization(ctx, near.organization_id), (ctx) => remind(ctx, near));
  },
});

/** The step that has come for each customer who asked the model lately, unless it, or a later one, was told. */
async function nearEnds(ctx: AccountContext): Promise<Near[]> {
  const now = sql`${ctx.now.toISOString()}::timestamptz`;
  const steps = sql.join(
    reminderDays.map((days) => sql`(${days}::int)`),
    sql`, `,
  );
  return [
    ...(await ctx.db.execute<Near>(sql`
      select notices.organization_id, changes.id as change_id, instant_ms(notices.effective_at) as ends_ms, step.days, uses.requests
      from legal_notices as notices
        join model_changes as changes on changes.id = notices.about_id and changes.retired_at is null
        join lateral (select min(days) as days from (values ${steps}) as step (days)
          where notices.effective_at <= ${now} + step.days * interval '24 hours') as step on step.days is not null
        join lateral (select sum(requests)::int as requests from model_uses where organization_id = notices.organization_id
          and model_id = changes.model_id and last_at > ${now} - interval '720 hours') as uses on uses.requests > 0
      where notices.about = 'model' and notices.effective_at > ${now}
        and exists (select from agreements where organization_id = notices.organization_id and ended_at is null)
        and not exists (select from model_reminders as told where told.organization_id = notices.organization_id
          and told.change_id = changes.id and told.days <= step.days)`)),
  ];
}

async function remind(ctx: OrganizationContext, { change_id: changeId, ends_ms, days, requests }: Near): Promise<void> {
  const { organizationId } = ctx;
  const row = { organizationId, changeId, days, at: ctx.now };
  const told = await ctx.db
    .insert(modelReminders)
    .values(row)
    .onConflictDoNothing()
    .returning({ days: modelReminders.days });
  if (told.length === 0) return;
  const { modelId, replacement } = await modelEndFacts(ctx, changeId);
  const endsAt = new Date(ends_ms);
  await notifyOrganization(ctx, (to) => endNearLetter({ modelId, replacement, endsAt, days, requests }, to));
  await publishWebhookEvent(ctx, "model.retiring", {
    model: modelId,
    replacement,
    retires_at: endsAt.toISOString(),
    days,
    requests,
  });
}
