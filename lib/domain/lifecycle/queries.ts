import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import { isId } from "#db/id.ts";
import { type Capabilities, modelChanges, modelProposals, models } from "#db/schema/models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { calendarText } from "#lib/core/calendar.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue } from "#lib/domain/contract/values/rules.ts";
import { endEntry } from "./rules.ts";
import type { AnnouncedEnd, EndProgress, ExampleModels, ModelDesk, ModelEndFacts, PublicModel } from "./view.ts";

/** What the desk shows. */
export async function modelDesk(ctx: AccountContext): Promise<ModelDesk> {
  authorize(ctx.actor, "models.decide");
  const [all, proposed, announced] = await Promise.all([
    ctx.db
      .select({ id: models.id, name: models.name, available: models.available })
      .from(models)
      .orderBy(asc(models.id)),
    ctx.db.select().from(modelProposals).orderBy(asc(modelProposals.createdAt)),
    ctx.db.select().from(modelChanges).orderBy(desc(modelChanges.announcedAt)),
  ]);
  return { models: all, proposed, announced: await Promise.all(announced.map((end) => progressOf(ctx, end))) };
}

/** The customers who keep a model until their own date: those with an agreement since before the announcement. */
const keepers = ({ id, announcedAt }: AnnouncedEnd, at: Date) => sql`
  select organizations.name, legal_notices.effective_at from agreements
    join organizations on organizations.id = agreements.organization_id
    left join legal_notices on legal_notices.organization_id = agreements.organization_id
      and legal_notices.about = 'model' and legal_notices.about_id = ${id}
  where agreements.ended_at is null and coalesce(agreements.ends_at > ${at.toISOString()}::timestamptz, true)
    and agreements.starts_at <= ${announcedAt.toISOString()}::timestamptz`;

/** How far the end of a model has come, and until when it has to be served. */
export async function progressOf(ctx: AccountContext, end: AnnouncedEnd): Promise<EndProgress> {
  authorize(ctx.actor, "models.decide");
  const { id, modelId, announcedAt, retiresAt, retiredAt, replacement, reason } = end;
  const known = { id, modelId, announcedAt, retiresAt, retiredAt, replacement, reason };
  const [found] = await ctx.db.execute<{
    customers: number;
    unnoticed: number;
    last_ms: number | null;
    name: string | null;
  }>(sql`
    with kept as (${keepers(end, ctx.now)})
    select count(*)::int as customers, (count(*) filter (where effective_at is null))::int as unnoticed,
      instant_ms(max(effective_at)) as last_ms,
      (select name from kept where effective_at is not null order by effective_at desc, name limit 1) as name
    from kept`);
  const at = found?.last_ms == null ? null : new Date(found.last_ms);
  return {
    ...known,
    customers: found?.customers ?? 0,
    unnoticed: found?.unnoticed ?? 0,
    lastFloor: at && { at: at > retiresAt ? at : retiresAt, name: found?.name ?? "" },
  };
}

/** What anyone can know of a model, by its own name. */
export async function publicModel(ctx: AccountContext, model: string): Promise<PublicModel> {
  authorize(ctx.actor, "account.open");
  const [found] = await ctx.db
    .select({ id: models.id, name: models.name, description: models.description, change: modelChanges })
    .from(models)
    .leftJoin(modelChanges, eq(modelChanges.modelId, models.id))
    .where(eq(models.id, model))
    .orderBy(desc(modelChanges.announcedAt))
    .limit(1);
  if (!found) throw new AppError("not_found", "There is no such model.");
  const { change, ...rest } = found;
  if (!change) return { ...rest, end: null };
  const { id, modelId, announcedAt, retiresAt, retiredAt, replacement, reason } = change;
  return { ...rest, end: { id, modelId, announcedAt, retiresAt, retiredAt, replacement, reason } };
}

/** Which models the examples of the documentation ask: the first that are served, and that no one has to leave. */
export async function exampleModels(ctx: AccountContext): Promise<ExampleModels> {
  authorize(ctx.actor, "account.open");
  const offered = await ctx.db
    .select({ id: models.id, capabilities: models.capabilities })
    .from(models)
    .leftJoin(modelChanges, eq(modelChanges.modelId, models.id))
    .where(and(models.available, isNull(modelChanges.id)))
    .orderBy(asc(models.id));
  const first = (can: (capabilities: Capabilities) => boolean) =>
    offered.find(({ capabilities }) => can(capabilities))?.id ?? null;
  return { chat: first((one) => one.completion_chat), embedding: first((one) => one.embeddings) };
}

/** Every end that was announced, as a calendar for anyone: the general dates, which a customer's own may only follow. */
export async function endsCalendar(ctx: AccountContext): Promise<string> {
  authorize(ctx.actor, "account.open");
  const ends = await ctx.db.select().from(modelChanges).orderBy(modelChanges.retiresAt);
  const host = new URL(publicLink("/")).hostname;
  const { PROVIDER_NAME: provider } = env();
  return calendarText(
    { provider, name: `${provider}: models that end` },
    ends.map((end) => endEntry(host, end)),
  );
}

/** What the notice of a model's end says to this customer. */
export async function modelEndFacts(ctx: OrganizationContext, changeId: string): Promise<ModelEndFacts> {
  authorize(ctx.actor, "organization.read");
  const [found] = isId("modelChange", changeId)
    ? await ctx.db
        .select({ change: modelChanges, name: models.name })
        .from(modelChanges)
        .innerJoin(models, eq(models.id, modelChanges.modelId))
        .where(eq(modelChanges.id, changeId))
    : [];
  if (!found) throw new AppError("not_found", "There is no such announcement.");
  const months = plainValue(await contractSources(ctx), "months.model-notice", ctx.now);
  const { id, modelId, announcedAt, retiresAt, retiredAt, replacement, reason } = found.change;
  return { id, modelId, announcedAt, retiresAt, retiredAt, replacement, reason, name: found.name, months };
}
