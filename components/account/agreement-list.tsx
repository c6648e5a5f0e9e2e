import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { MyAgreement } from "#lib/domain/terms/view.ts";

const columns = [
  { key: "document", label: "Document" },
  { key: "organization", label: "For" },
  { key: "at", label: "Agreed" },
  { key: "sha256", label: "SHA-256 of the text" },
] as const;

/** The evidence of what was agreed to, as it is kept. */
export function AgreementList({ agreements }: { agreements: readonly MyAgreement[] }) {
  return (
    <Card
      title="What you agreed to"
      description="Kept as evidence; every version stays readable."
      aside={<TextLink href="/legal">All documents</TextLink>}
      flush
    >
      <div className="px-4 pb-4">
        <Table caption="What you agreed to" columns={columns}>
          {agreements.map((agreement) => (
            <Row key={agreement.id}>
              <HeadCell>
                <TextLink look="row" href={`/legal/${agreement.kind}/${agreement.version}`}>
                  {agreement.title}, version {agreement.version}
                </TextLink>
              </HeadCell>
              <Cell label="For">
                {agreement.binds ? agreement.organization : `yourself, in ${agreement.organization}`}
              </Cell>
              <Cell label="Agreed">
                <Time at={agreement.acceptedAt} form="instant" />
              </Cell>
              <Cell label="SHA-256">
                <span className="block max-w-36">
                  <Copyable text={agreement.sha256} noun="hash" />
                </span>
              </Cell>
            </Row>
          ))}
        </Table>
      </div>
    </Card>
  );
}
