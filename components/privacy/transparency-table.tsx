import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { type CountName, publicCount } from "#lib/domain/abuse/counts/rules.ts";
import type { MonitoringYear } from "#lib/domain/abuse/counts/view.ts";

const told = [
  ["ruleScanned", "Scanned by rules"],
  ["modelScanned", "Scanned by models"],
  ["flags", "Flags"],
  ["items", "Items"],
  ["opened", "Opened"],
  ["warned", "Warned"],
  ["restricted", "Archived"],
  ["suspended", "Suspended"],
] as const satisfies readonly (readonly [CountName, string])[];

/** What monitoring did about all customers together, year by year. */
export const TransparencyTable = ({ years }: { years: readonly MonitoringYear[] }) => (
  <Table
    caption="Monitoring by year"
    columns={[{ key: "year", label: "Year" }, ...told.map(([key, label]) => ({ key, label, align: "right" as const }))]}
  >
    {years.map((one) => (
      <Row key={one.year}>
        <HeadCell>{one.year}</HeadCell>
        {told.map(([name, label]) => (
          <Cell key={name} label={label} align="right" wrap>
            {publicCount(one[name])}
          </Cell>
        ))}
      </Row>
    ))}
  </Table>
);
