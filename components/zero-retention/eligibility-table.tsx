import { Badge } from "#components/ui/badge.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { eligibility, eligibilityWords } from "#lib/domain/zero-retention/eligibility/rules.ts";

const columns = [
  { key: "part", label: "Part" },
  { key: "paths", label: "Addresses" },
  { key: "state", label: "Under zero retention" },
];

/** Which parts of the API work under zero retention, from the same table the gate is held to. */
export const EligibilityTable = () => (
  <Table caption="Parts of the API under zero retention" columns={columns}>
    {eligibility.map(({ title, paths, keeps }) => (
      <Row key={title}>
        <HeadCell>{title}</HeadCell>
        <Cell label="Addresses" wrap>
          <span className="flex flex-col items-start gap-1">
            {paths.map((path) => (
              <Code key={path}>{path}</Code>
            ))}
          </span>
        </Cell>
        <Cell label="Under zero retention" wrap>
          <Badge tone={eligibilityWords[keeps].isEligible ? "good" : "neutral"}>
            {eligibilityWords[keeps].isEligible ? "Works" : "Refused"}
          </Badge>{" "}
          <span className="text-text-soft">{eligibilityWords[keeps].words}</span>
        </Cell>
      </Row>
    ))}
  </Table>
);
