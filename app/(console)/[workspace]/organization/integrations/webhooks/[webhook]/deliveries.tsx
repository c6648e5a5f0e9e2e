import { DeliveryList } from "#components/integrations/delivery-list.tsx";
import { ListFooter } from "#components/ui/list/list-footer.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { DeliveriesInput } from "#lib/domain/integrations/input.ts";
import type { DeliveryPage } from "#lib/domain/integrations/queries.ts";

const choices = [
  ["all", "All"],
  ["waiting", "Waiting"],
  ["delivered", "Delivered"],
  ["failed", "Failed"],
] as const;

type Props = { page: DeliveryPage; asked: DeliveriesInput; base: string; now: Date };

/** What was sent there, with what came of it. */
export function Deliveries({ page, asked, base, now }: Props) {
  const { rows } = page;
  return (
    <section aria-labelledby="deliveries" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="deliveries" className="text-body font-semibold">
          Deliveries
        </h2>
        <Segments
          label="Which deliveries"
          segments={choices.map(([state, label]) => ({
            href: state === "all" ? base : `${base}?state=${state}`,
            label,
            current: asked.state === state,
          }))}
        />
      </div>
      {rows.length === 0 ? (
        <p className="text-ui text-text-soft">
          {asked.state === "all" ? "Nothing was sent yet. Send a test event to see it work." : "None in this state."}
        </p>
      ) : (
        <DeliveryList
          deliveries={rows}
          base={base}
          now={now}
          footer={<Pages page={page} asked={asked} base={base} />}
        />
      )}
    </section>
  );
}

function Pages({ page: { rows, next }, asked, base }: Omit<Props, "now">) {
  const list = asked.state === "all" ? base : `${base}?state=${asked.state}`;
  return (
    <ListFooter
      summary={rows.length === 1 ? "1 delivery" : `${rows.length} deliveries`}
      previousHref={asked.before ? list : undefined}
      nextHref={next ? `${list}${asked.state === "all" ? "?" : "&"}before=${next}` : undefined}
    />
  );
}
