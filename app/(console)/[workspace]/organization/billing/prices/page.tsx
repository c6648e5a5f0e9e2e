import { BillingTabs } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { ValueTable } from "#components/prices/value-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { plainKeys, priceMetrics } from "#lib/domain/contract/keys/rules.ts";
import { contractModels, contractWithPrices } from "#lib/domain/contract/values/queries.ts";
import { planOf } from "#lib/domain/contract/values/rules.ts";
import { rowsOf } from "#lib/domain/contract/values/view.ts";

const prices = page({
  can: "models.read",
  title: "Price list",
  description:
    "What a million tokens cost this organization, and everything else that is agreed, each with its source.",
  load: async (ctx) => {
    const [facts, models] = await Promise.all([contractWithPrices(ctx), contractModels(ctx)]);
    return { facts, models };
  },
  head: (_, ctx) => (can(ctx.actor, "billing.read") ? { tabs: <BillingTabs ctx={ctx} current="prices" /> } : {}),
  view: ({ facts, models }, ctx) => (
    <>
      {planOf(facts, ctx.now) === "free" ? (
        <Notice tone="neutral">
          The free plan pays nothing. The struck-through prices are those of the paid plan.
        </Notice>
      ) : null}
      {models.map(({ id, name }) => {
        const rows = rowsOf(
          facts,
          priceMetrics.map((metric) => `price:${metric}:${id}` as const),
          ctx.now,
        );
        return (
          <Card
            key={id}
            flush
            title={name}
            description={rows.length === 0 ? "No price yet, so requests to it are refused." : id}
          >
            {rows.length > 0 ? (
              <ValueTable caption={`Prices of ${name}`} rows={rows} workspaceId={ctx.workspaceId} />
            ) : null}
          </Card>
        );
      })}
      {can(ctx.actor, "orders.read") ? (
        <Card
          flush
          id="values"
          title="What else is agreed"
          description="In the order of the documents: purchase order, terms, data processing, plan (T-2-PREC)."
        >
          <ValueTable
            caption="Contractual values"
            rows={rowsOf(facts, plainKeys, ctx.now)}
            workspaceId={ctx.workspaceId}
          />
        </Card>
      ) : null}
    </>
  ),
});

export const { generateMetadata } = prices;
export default prices.default;
