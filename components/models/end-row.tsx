import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { EndProgress } from "#lib/domain/lifecycle/view.ts";

export const endColumns = [
  { key: "model", label: "Model" },
  { key: "state", label: "State" },
  { key: "announced", label: "Announced" },
  { key: "ends", label: "Ends" },
  { key: "notices", label: "Customers" },
  { key: "served", label: "Served until" },
  { key: "more", label: "" },
] as const;

/** An announced end, with the last customer's own date: until then the model has to be served. */
export function EndRow({ end, children }: { end: EndProgress; children: ReactNode }) {
  const { modelId, replacement, announcedAt, retiresAt, retiredAt, customers, unnoticed, lastFloor } = end;
  return (
    <Row faded={retiredAt !== null}>
      <HeadCell>
        {modelId} → {replacement}
      </HeadCell>
      <Cell label="State">{retiredAt ? "Retired" : <Badge tone="warn">Announced</Badge>}</Cell>
      <Cell label="Announced">
        <Time at={announcedAt} form="date" />
      </Cell>
      <Cell label="Ends">
        <Time at={retiresAt} form="date" />
      </Cell>
      <Cell label="Customers">
        {customers}
        {unnoticed > 0 ? `, ${unnoticed} without notice` : ""}
      </Cell>
      <Cell label="Served until" wrap>
        {lastFloor ? (
          <>
            <Time at={lastFloor.at} form="date" /> ({lastFloor.name})
          </>
        ) : (
          "–"
        )}
      </Cell>
      <Cell label="">{children}</Cell>
    </Row>
  );
}
