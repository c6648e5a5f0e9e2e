import { Card } from "#components/ui/card.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Agreement, DeskAgreement } from "#lib/domain/orders/agreements/view.ts";

type Props = {
  agreements: readonly (Agreement | DeskAgreement)[];
  description: string;
  fileOf: (agreement: Agreement) => string;
};

/** Master agreements with their documents; at the desk with whose they are. */
export function AgreementList({ agreements, description, fileOf }: Props) {
  const isDesk = agreements.some((agreement) => "organizationName" in agreement);
  return (
    <Card flush title="Master agreements" description={description}>
      <Table
        caption="Master agreements"
        columns={[
          { key: "number", label: "Number" },
          ...(isDesk ? [{ key: "customer", label: "Customer" }] : []),
          { key: "signed", label: "Signed" },
          { key: "file", label: "Document" },
        ]}
      >
        {agreements.map((agreement) => (
          <Row key={agreement.id}>
            <HeadCell>{agreement.number}</HeadCell>
            {"organizationName" in agreement ? (
              <Cell label="Customer" wrap>
                {agreement.organizationName}
              </Cell>
            ) : null}
            <Cell label="Signed">
              <Time at={agreement.signedAt} form="date" />
            </Cell>
            <Cell label="Document" wrap>
              <TextLink href={fileOf(agreement)}>{agreement.fileName}</TextLink>
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}
