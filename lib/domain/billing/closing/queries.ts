import { and, eq, gt, isNotNull, isNull, lte, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { billingAccounts, billingCycles, invoices } from "#db/schema/billing.ts";
import { terminations } from "#db/schema/contract.ts";
import { models } from "#db/schema/models.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { payments } from "#db/schema/payments.ts";
import { usageLines } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import type { UsageToBill } from "#lib/domain/billing/invoices/rules.ts";
import type { Advance } from "./rules.ts";

export type Closable = { organizationId: Id<"organization">; month: string };

/**
 * When an agreement ended within a month, where its last request is settled: the month is closed then, and not carried on
 * from (T-6-EFF). Null where none ended in it, or its requests are still under way.
 */
export async function endedWithin(
  ctx: OrganizationContext,
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
): Promise<Date | null> {
  authorize(ctx.actor, "billing.read");
  const [found] = await ctx.db
    .select({ endsAt: terminations.endsAt })
    .from(terminations)
    .where(
      and(
        eq(terminations.organizationId, ctx.organizationId),
        isNotNull(terminations.drainedAt),
        isNull(terminations.finalizedAt),
        gt(terminations.endsAt, startsAt),
        lte(terminations.endsAt, endsAt),
      ),
    );
  return found?.endsAt ?? null;
}

/** Months that are over and not invoiced, oldest first: open cycles, and months with use that never had one. */
export async function closableMonths(ctx: AccountContext): Promise<Closable[]> {
  authorize(ctx.actor, "system.operate");
  return ctx.db.execute<Closable>(sql`
    select account.organization_id as "organizationId", months.month::text as month from ${billingAccounts} as account
    cross join lateral (
      select cycle.month from ${billingCycles} as cycle where cycle.organization_id = account.organization_id and cycle.state = 'open'
      union
      select used.month from ${usageLines} as used where used.organization_id = account.organization_id
        and used.cost_pico > used.invoiced_pico and used.month >= date_trunc('month', account.created_at, 'UTC')::date
        and not exists (select from ${billingCycles} as cycle
          where cycle.organization_id = account.organization_id and cycle.month = used.month)
    ) as months
    where months.month < ${monthOf(ctx.now)} or exists (select from ${terminations} as ending
        where ending.organization_id = account.organization_id and ending.drained_at is not null and ending.finalized_at is null
          and months.month = date_trunc('month', ending.ends_at - interval '1 millisecond', 'UTC')::date) order by months.month, account.organization_id`);
}

type Row = Omit<
  UsageToBill,
  | "inputMicros"
  | "cachedInputMicros"
  | "outputMicros"
  | "promptTokens"
  | "cachedTokens"
  | "completionTokens"
  | "costPico"
  | "unitMicros"
  | "quantity"
> &
  Record<
    | "inputMicros"
    | "cachedInputMicros"
    | "outputMicros"
    | "promptTokens"
    | "cachedTokens"
    | "completionTokens"
    | "costPico"
    | "unitMicros"
    | "quantity",
    string
  >;

/** What was used up to the end of a month and no document has taken, locked until the transaction ends. */
export async function usageToBill(ctx: OrganizationContext, month: string): Promise<UsageToBill[]> {
  authorize(ctx.actor, "billing.read");
  const rows = await ctx.db.execute<Row>(sql`
    select used.month::text as month, used.workspace_id as "workspaceId", coalesce(place.name, used.workspace_id) as "workspaceName",
      used.model, coalesce(model.name, used.model) as "modelName", used.input_micros::text as "inputMicros",
      used.cached_input_micros::text as "cachedInputMicros", used.output_micros::text as "outputMicros",
      used.kind, used.unit_micros::text as "unitMicros", (used.quantity - used.invoiced_quantity)::text as quantity,
      (used.prompt_tokens - used.invoiced_prompt_tokens)::text as "promptTokens",
      (used.cached_tokens - used.invoiced_cached_tokens)::text as "cachedTokens",
      (used.completion_tokens - used.invoiced_completion_tokens)::text as "completionTokens",
      (used.cost_pico - used.invoiced_pico)::text as "costPico"
    from ${usageLines} as used
    left join ${workspaces} as place on place.organization_id = used.organization_id and place.id = used.workspace_id
    left join ${models} as model on model.id = used.model
    where used.organization_id = ${ctx.organizationId} and used.month <= ${month} and (used.requests > used.invoiced_requests or used.quantity > used.invoiced_quantity)
    for update of used`);
  return rows.map((row) => ({
    ...row,
    inputMicros: BigInt(row.inputMicros),
    cachedInputMicros: BigInt(row.cachedInputMicros),
    outputMicros: BigInt(row.outputMicros),
    promptTokens: BigInt(row.promptTokens),
    cachedTokens: BigInt(row.cachedTokens),
    completionTokens: BigInt(row.completionTokens),
    costPico: BigInt(row.costPico),
    unitMicros: BigInt(row.unitMicros),
    quantity: BigInt(row.quantity),
  }));
}

type AdvanceRow = Omit<
  Advance,
  "netCents" | "taxCents" | "totalCents" | "paidCents" | "creditUsedCents" | "creditedCents"
> &
  Record<"netCents" | "taxCents" | "totalCents" | "paidCents" | "creditUsedCents" | "creditedCents", string>;

/** The advances of a month, less what was given back of them, each with the state of its attempt: of one whose outcome is open, if any. */
export async function advancesOf(ctx: OrganizationContext, month: string): Promise<Advance[]> {
  authorize(ctx.actor, "billing.read");
  const rows = await ctx.db.execute<AdvanceRow>(sql`
    select advance.id, advance.state, (advance.net_cents - given.net)::text as "netCents",
      (advance.tax_cents - given.tax)::text as "taxCents",
      (advance.total_cents - advance.credited_cents)::text as "totalCents", advance.paid_cents::text as "paidCents",
      advance.credit_used_cents::text as "creditUsedCents", advance.credited_cents::text as "creditedCents",
      (select case when kind = 'hosted' and state = 'created' then null else state end from ${payments} as attempt where attempt.organization_id = advance.organization_id
        and attempt.invoice_id = advance.id
        order by state in ('created', 'unknown') desc, state = 'processing' desc, attempt.attempt desc limit 1) as payment
    from ${invoices} as advance
    cross join lateral (select coalesce(sum(net_cents), 0) as net, coalesce(sum(tax_cents), 0) as tax from ${invoices} as note
      where note.organization_id = advance.organization_id and note.corrects_id = advance.id) as given
    where advance.organization_id = ${ctx.organizationId} and advance.month = ${month} and advance.kind = 'advance'
    order by advance.seq`);
  return rows.map((row) => ({
    ...row,
    netCents: BigInt(row.netCents),
    taxCents: BigInt(row.taxCents),
    totalCents: BigInt(row.totalCents),
    paidCents: BigInt(row.paidCents),
    creditUsedCents: BigInt(row.creditUsedCents),
    creditedCents: BigInt(row.creditedCents),
  }));
}

/** Whether requests of a month are still under way, so that what they cost is not known yet. */
export async function isUnderWay(ctx: OrganizationContext, month: string): Promise<boolean> {
  authorize(ctx.actor, "billing.read");
  const [row] = await ctx.db.execute<{ found: boolean }>(sql`
    select exists (select from spend_months where organization_id = ${ctx.organizationId} and scope = 'organization'
      and scope_id = ${ctx.organizationId} and month = ${month} and held_pico > 0) as found`);
  return row?.found ?? false;
}
