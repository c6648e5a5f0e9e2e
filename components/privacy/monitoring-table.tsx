import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { outcomesOf } from "#lib/domain/abuse/counts/rules.ts";
import type { MonitoringMonth } from "#lib/domain/abuse/counts/view.ts";

const columns = [
  { key: "month", label: "Month" },
  { key: "scanned", label: "Requests scanned" },
  { key: "flags", label: "Flags", align: "right" },
  { key: "items", label: "Items", align: "right" },
  { key: "opened", label: "Opened", align: "right" },
  { key: "outcomes", label: "Outcomes" },
] as const;

const named = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const number = (value: number): string => value.toLocaleString("en-GB");

/** What monitoring did, month by month. */
export const MonitoringTable = ({ months }: { months: readonly MonitoringMonth[] }) => (
  <Table
    caption="Monitoring by month"
    columns={columns}
    footer={
      <p className="text-meta text-text-soft">
        A flag is a rule, a model or a figure that points at something. Staff decide about items; an item opens at most
        five requests, and each opening is in your audit log.
      </p>
    }
  >
    {months.map((one) => (
      <Row key={one.month}>
        <HeadCell>
          {named.format(new Date(`${one.month}T00:00:00Z`))}
          <span className="block max-w-[40ch] text-meta font-normal text-text-soft">{lookers(one)}</span>
        </HeadCell>
        <Cell label="Requests scanned" wrap>
          <span className="block">By rules: {number(one.ruleScanned)}</span>
          <span className="block">By models: {number(one.modelScanned)}</span>
        </Cell>
        <NumberCells values={{ Flags: number(one.flags), Items: number(one.items), Opened: number(one.opened) }} />
        <Cell label="Outcomes" wrap>
          {outcomesOf(one, number)}
        </Cell>
      </Row>
    ))}
  </Table>
);

const lookers = ({ rules, models }: MonitoringMonth): string =>
  [
    rules.length > 0 ? `Rules: ${rules.join(", ")}.` : "No rules.",
    models.length > 0 ? `Models: ${models.join(", ")}.` : "No model looked.",
  ].join(" ");
