import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { outcomesOf, publicCount } from "#lib/domain/abuse/counts/rules.ts";
import type { MonitoringYear } from "#lib/domain/abuse/counts/view.ts";

const columns = [
  { key: "year", label: "Year" },
  { key: "scanned", label: "Requests scanned" },
  { key: "flags", label: "Flags", align: "right" },
  { key: "items", label: "Items", align: "right" },
  { key: "opened", label: "Opened", align: "right" },
  { key: "outcomes", label: "Outcomes" },
] as const;

/** What monitoring did about all customers together, year by year. */
export const TransparencyTable = ({ years }: { years: readonly MonitoringYear[] }) => (
  <Table caption="Monitoring by year" columns={columns}>
    {years.map((one) => (
      <Row key={one.year}>
        <HeadCell>{one.year}</HeadCell>
        <Cell label="Requests scanned" wrap>
          <span className="block">By rules: {publicCount(one.ruleScanned)}</span>
          <span className="block">By models: {publicCount(one.modelScanned)}</span>
        </Cell>
        <NumberCells
          values={{ Flags: publicCount(one.flags), Items: publicCount(one.items), Opened: publicCount(one.opened) }}
        />
        <Cell label="Outcomes" wrap>
          {outcomesOf(one, publicCount)}
        </Cell>
      </Row>
    ))}
  </Table>
);
