import { monthWords } from "#components/billing/month-words.ts";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { StuckCycle } from "#lib/domain/billing/desk/view.ts";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "month", label: "Month" },
  { key: "problem", label: "Waits because" },
] as const;

export function CycleTable({ cycles }: { cycles: readonly StuckCycle[] }) {
  return (
    <Table caption="Months that are not closed" columns={columns}>
      {cycles.map(({ organizationId, organizationName, month, problem }) => (
        <Row key={`${organizationId} ${month}`}>
          <HeadCell>
            <TextLink look="row" href={`/staff/billing/accounts/${organizationId}`}>
              {organizationName}
            </TextLink>
          </HeadCell>
          <Cell label="Month">{monthWords(month)}</Cell>
          <Cell label="Waits because" wrap>
            {problem ?? "It was not tried yet."}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
