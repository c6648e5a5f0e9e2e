import { notFound } from "next/navigation";
import { found } from "#app/doors/found.ts";
import { accountContext } from "#app/doors/session.ts";
import { DocumentText } from "#components/terms/document-text.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { documentAddress } from "#lib/domain/terms/input.ts";
import { type Document, documentInForce, documentText, documentVersions } from "#lib/domain/terms/queries.ts";

/** One version of one document; the one in force when the address names none. */
export async function DocumentPage({ address }: { address: unknown }) {
  const wanted = documentAddress.safeParse(address);
  if (!wanted.success) notFound();
  const { kind, version } = wanted.data;
  const ctx = await accountContext();
  const document = await found(documentText(ctx, kind, version));
  const [inForce, versions] = await Promise.all([documentInForce(ctx, kind), documentVersions(ctx)]);
  const shown = versions.find(({ id }) => id === document.id);
  const from = shown?.effectiveFrom ?? shown?.plannedAt;
  return (
    <Page>
      <PageHeader title={document.title} description={document.summary} />
      {document.version === inForce.version ? null : <OtherVersion document={document} inForce={inForce.version} />}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ui text-text-soft">
        <span>
          Version {document.version}
          {from ? (
            <>
              , from <Time at={from} form="date" />
            </>
          ) : null}
        </span>
        <span className="flex max-w-full min-w-0 items-center gap-1.5">
          <span className="shrink-0">SHA-256</span>
          <span className="min-w-0">
            <Copyable text={document.sha256} noun="hash" />
          </span>
        </span>
      </p>
      <DocumentText body={document.body} />
    </Page>
  );
}

function OtherVersion({ document, inForce }: { document: Document; inForce: number }) {
  const link = <TextLink href={`/legal/${document.kind}`}>Version {inForce}</TextLink>;
  if (document.version > inForce) {
    return <Notice tone="info">This version is announced and not in force yet. {link} is.</Notice>;
  }
  return <Notice tone="warn">This version was replaced. {link} is in force.</Notice>;
}
