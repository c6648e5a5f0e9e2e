import { and, asc, eq, gt, gte, lt, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoiceLines, invoices } from "#db/schema/billing.ts";
import { models } from "#db/schema/models.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { usageEvents, usageLines } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { endOfMonth, startOfDay } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { BilledEvent, RatedGroup, UsageGroup } from "./view.ts";

type Texts<T, K extends keyof T> = Omit<T, K> & Record<K, string>;
type Prices = "inputMicros" | "cachedInputMicros" | "outputMicros";

/** What a line is of; null where it is of no usage. */
const usageKindOf = (line: string) =>
  sql.raw(`case when ${line}.kind in ('input', 'cached_input', 'output', 'waived') then 'request'
    when ${line}.kind in ('training', 'training_waived') then 'training'
    when ${line}.kind in ('training_minimum', 'model_storage') then ${line}.kind end`);

/** The groups of requests and fees that lines of a document are made of; a document without usage has none. */
const groupsIn = ({ organizationId }: OrganizationContext, id: Id<"invoice">) => sql`
  select distinct month, workspace_id, model, input_micros, cached_input_micros, output_micros, ${usageKindOf("line")} as kind
  from ${invoiceLines} as line where organization_id = ${organizationId} and invoice_id = ${id} and ${usageKindOf("line")} is not null
    and input_micros is not null`;

const named = sql`found.month::text as month, found.workspace_id as "workspaceId", coalesce(place.name, found.workspace_id) as "workspaceName",
  found.model, coalesce(model.name, found.model) as "modelName", found.input_micros::text as "inputMicros",
  found.cached_input_micros::text as "cachedInputMicros", found.output_micros::text as "outputMicros", found.kind`;

const namedBy = ({ organizationId }: OrganizationContext) => sql`
  left join ${workspaces} as place on place.organization_id = ${organizationId} and place.id = found.workspace_id
  left join ${models} as model on model.id = found.model`;

const inOrder = sql`order by found.month, "workspaceName", found.workspace_id, "modelName", found.model, found.kind, found.input_micros,
  found.cached_input_micros, found.output_micros`;

/**
 * Rates the events behind a document anew and compares them with what all documents have of them: a month's late requests
 * are on another document than the others. Reads every event of those months, so it is asked for, not shown by itself.
 */
export async function recompute(ctx: OrganizationContext, id: Id<"invoice">): Promise<RatedGroup[]> {
  authorize(ctx.actor, "billing.read");
  await mustExist(ctx, id);
  const { organizationId } = ctx;
  const same = (other: string) =>
    sql.raw(
      `${other}.workspace_id = found.workspace_id and ${other}.model = found.model and ${other}.input_micros = found.input_micros
      and ${other}.cached_input_micros = found.cached_input_micros and ${other}.output_micros = found.output_micros`,
    );
  type Row = Texts<UsageGroup, Prices> & Record<"requests" | "rated" | "invoiced" | "pending", string>;
  const rows = await ctx.db.execute<Row>(sql`
    select ${named}, event.requests::text as requests, event.rated::text as rated, line.invoiced::text as invoiced,
      used.pending::text as pending
    from (${groupsIn(ctx, id)}) as found
    ${namedBy(ctx)}
    cross join lateral (
      select coalesce(sum(one.cost_pico - one.invoiced_pico), 0) as pending from ${usageLines} as one
      where one.organization_id = ${organizationId} and one.month = found.month and ${same("one")} and one.kind = found.kind
    ) as used
    cross join lateral (
      select count(*) as requests, coalesce(sum(fee_pico + (prompt_tokens - cached_tokens)::numeric * input_micros
        + cached_tokens::numeric * cached_input_micros + completion_tokens::numeric * output_micros - waived_pico), 0) as rated
      from ${usageEvents} as one where one.organization_id = ${organizationId} and ${same("one")} and one.kind = found.kind
        and one.at >= found.month::timestamp at time zone 'UTC'
        and one.at < (found.month + interval '1 month')::timestamp at time zone 'UTC'
    ) as event
    cross join lateral (
      select coalesce(sum(one.exact_pico), 0) as invoiced from ${invoiceLines} as one
      where one.organization_id = ${organizationId} and one.month = found.month and ${same("one")}
        and ${usageKindOf("one")} = found.kind
    ) as line
    ${inOrder}`);
  return rows.map(({ requests, rated, invoiced, pending, ...group }) => {
    const [ratedPico, invoicedPico, pendingPico] = [BigInt(rated), BigInt(invoiced), BigInt(pending)];
    const differencePico = ratedPico - invoicedPico - pendingPico;
    return { ...priced(group), requests: Number(requests), ratedPico, invoicedPico, pendingPico, differencePico };
  });
}

const priced = (group: Texts<UsageGroup, Prices>): UsageGroup => ({
  ...group,
  inputMicros: BigInt(group.inputMicros),
  cachedInputMicros: BigInt(group.cachedInputMicros),
  outputMicros: BigInt(group.outputMicros),
});

async function mustExist({ db, organizationId }: OrganizationContext, id: Id<"invoice">): Promise<void> {
  const found = await db.$count(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, id)));
  if (found === 0) throw new AppError("not_found", "There is no such invoice.");
}

/** Whether a document is this organization's: what a link without a workspace asks. */
export async function hasInvoice(ctx: OrganizationContext, id: Id<"invoice">): Promise<boolean> {
  authorize(ctx.actor, "billing.read");
  return (await ctx.db.$count(invoices, and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, id)))) > 0;
}

const batchSize = 1000;

/** Every request behind a document, oldest first within its group, in batches; each batch is a question of its own. */
export function billedEvents(ctx: OrganizationContext, id: Id<"invoice">): AsyncGenerator<BilledEvent[]> {
  authorize(ctx.actor, "billing.read");
  return batches(ctx, id);
}

async function* batches(ctx: OrganizationContext, id: Id<"invoice">): AsyncGenerator<BilledEvent[]> {
  await mustExist(ctx, id);
  const groups = await ctx.db.execute<Texts<UsageGroup, Prices>>(
    sql`select ${named} from (${groupsIn(ctx, id)}) as found ${namedBy(ctx)} ${inOrder}`,
  );
  for (const group of groups.map(priced)) {
    for (let last: BilledEvent | undefined; ; ) {
      const rows: BilledEvent[] = await eventsOf(ctx, group, last?.id as Id<"request"> | undefined);
      if (rows.length > 0) yield rows;
      if (rows.length < batchSize) break;
      last = rows.at(-1);
    }
  }
}

const eventsOf = (ctx: OrganizationContext, group: UsageGroup, after: Id<"request"> | undefined) =>
  ctx.db
    .select({
      id: usageEvents.id,
      at: usageEvents.at,
      workspaceId: usageEvents.workspaceId,
      keyId: usageEvents.keyId,
      endUser: usageEvents.endUser,
      endpoint: usageEvents.endpoint,
      model: usageEvents.model,
      promptTokens: usageEvents.promptTokens,
      cachedTokens: usageEvents.cachedTokens,
      completionTokens: usageEvents.completionTokens,
      inputMicros: usageEvents.inputMicros,
      cachedInputMicros: usageEvents.cachedInputMicros,
      outputMicros: usageEvents.outputMicros,
      costPico: usageEvents.costPico,
      waivedPico: usageEvents.waivedPico,
      kind: usageEvents.kind,
      jobId: usageEvents.jobId,
      quantity: usageEvents.quantity,
      feePico: usageEvents.feePico,
    })
    .from(usageEvents)
    .where(
      and(
        eq(usageEvents.organizationId, ctx.organizationId),
        eq(usageEvents.workspaceId, group.workspaceId as Id<"workspace">),
        gte(usageEvents.at, startOfDay(group.month)),
        lt(usageEvents.at, endOfMonth(group.month)),
        eq(usageEvents.model, group.model),
        eq(usageEvents.kind, group.kind),
        sql`${usageEvents.inputMicros} = ${group.inputMicros} and ${usageEvents.cachedInputMicros} = ${group.cachedInputMicros}
          and ${usageEvents.outputMicros} = ${group.outputMicros}`,
        after && gt(usageEvents.id, after),
      ),
    )
    .orderBy(asc(usageEvents.id))
    .limit(batchSize);
