import type { Metadata } from "next";
import { accountContext } from "#app/doors/session.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { documentKinds } from "#lib/domain/terms/input.ts";
import { documentVersions } from "#lib/domain/terms/queries.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";

export const metadata: Metadata = { title: "Documents" };

export default async function LegalPage() {
  const ctx = await accountContext();
  const versions = await documentVersions(ctx);
  const kinds = documentKinds.map((kind) => versions.filter((document) => document.kind === kind));
  return (
    <Page>
      <PageHeader title="Documents" description="The contract, in every version there has been." />
      {kinds.map((versions) => (
        <Versions key={versions[0]?.kind} versions={versions} now={ctx.now} />
      ))}
    </Page>
  );
}

function Versions({ versions, now }: { versions: DocumentTitle[]; now: Date }) {
  const inForce = versions.find((document) => document.effectiveFrom && document.effectiveFrom <= now);
  const shown = inForce ?? versions[0];
  if (!shown) return null;
  return (
    <Card
      title={
        <TextLink look="row" href={`/legal/${shown.kind}`}>
          {shown.title}
        </TextLink>
      }
      description={shown.summary}
    >
      <ul className="flex flex-col gap-2 text-ui">
        {versions.map((document) => (
          <li key={document.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <TextLink href={`/legal/${document.kind}/${document.version}`}>Version {document.version}</TextLink>
            <From document={document} />
            <State document={document} inForce={inForce} now={now} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function From({ document: { effectiveFrom, plannedAt } }: { document: DocumentTitle }) {
  const at = effectiveFrom ?? plannedAt;
  if (!at) return null;
  return (
    <span className="text-text-soft">
      from <Time at={at} form="date" />
    </span>
  );
}

type StateProps = { document: DocumentTitle; inForce: DocumentTitle | undefined; now: Date };

function State({ document, inForce, now }: StateProps) {
  if (document === inForce) return <Badge tone="good">In force</Badge>;
  if (!document.effectiveFrom || document.effectiveFrom > now) return <Badge tone="info">Announced</Badge>;
  return <Badge>Replaced</Badge>;
}
