import { Tag } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { ChangeList } from "#components/audit/change-list.tsx";
import { PriceFields } from "#components/prices/price-fields.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { formatEuros, formatPrice, type TuningPrice } from "#lib/core/money.ts";
import { providerChanges } from "#lib/domain/audit/provider/queries.ts";
import { priceableModels, versionsOfPrices } from "#lib/domain/prices/queries.ts";
import { set } from "./actions.ts";

export const metadata: Metadata = { title: "List prices" };

export default async function PricesDesk() {
  const ctx = await deskContext("/staff/prices");
  if (!can(ctx.actor, "prices.decide")) return <NoDesk />;
  const [versions, models, changes] = await Promise.all([
    versionsOfPrices(ctx),
    priceableModels(ctx),
    providerChanges(ctx, "price"),
  ]);
  return (
    <Page>
      <PageHeader
        title="List prices"
        description="Every version of every price; none is ever changed. A request is priced when it is let in."
        action={
          <FormDialog creates trigger="New version" title="Set a price" submit="Publish price" action={set}>
            <FormSelect
              label="Model"
              name="model"
              options={models.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <PriceFields />
          </FormDialog>
        }
      />
      {versions.length === 0 ? (
        <EmptyState icon={Tag} title="No prices">
          A model without a price is refused.
        </EmptyState>
      ) : (
        <Table caption="Versions of list prices" columns={columns}>
          {versions.map(({ modelId, modelName, price, validFrom, isInForce }) => (
            <Row key={`${modelId} ${validFrom.getTime()}`} faded={!isInForce && validFrom <= ctx.now}>
              <HeadCell>{modelName}</HeadCell>
              <Cell label="From">
                <Time at={validFrom} form="instant" />
              </Cell>
              <Cell label="State">
                <State isInForce={isInForce} isToCome={validFrom > ctx.now} />
              </Cell>
              <NumberCells
                values={{
                  Prompt: formatPrice(price.inputMicros),
                  "Prompt, cached": formatPrice(price.cachedInputMicros),
                  Answer: formatPrice(price.outputMicros),
                  ...tuningValues(price.tuning),
                }}
              />
            </Row>
          ))}
        </Table>
      )}
      <ChangeList rows={changes} nameOf={(id) => models.find((model) => model.id === id)?.name ?? id} />
    </Page>
  );
}

const columns = [
  { key: "model", label: "Model" },
  { key: "from", label: "From" },
  { key: "state", label: "State" },
  { key: "input", label: "Prompt", align: "right" },
  { key: "cached", label: "Prompt, cached", align: "right" },
  { key: "output", label: "Answer", align: "right" },
  { key: "training", label: "Training", align: "right" },
  { key: "minimum", label: "At least", align: "right" },
  { key: "storage", label: "Storage a month", align: "right" },
] as const;

function State({ isInForce, isToCome }: { isInForce: boolean; isToCome: boolean }) {
  if (isInForce) return <Badge tone="good">In force</Badge>;
  return isToCome ? <Badge tone="info">To come</Badge> : "Former";
}

/** What tuning the model costs; a dash where it cannot be tuned. */
const tuningValues = (tuning: TuningPrice | null | undefined) => ({
  Training: tuning ? formatPrice(tuning.trainingMicros) : "—",
  "At least": tuning ? formatEuros(tuning.trainingMinimumPico) : "—",
  "Storage a month": tuning ? formatEuros(tuning.storageMonthPico) : "—",
});
