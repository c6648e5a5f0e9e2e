import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { found } from "#app/doors/found.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { accountContext } from "#app/doors/session.ts";
import { DocumentDiff, DocumentPairs } from "#components/terms/document-diff.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { diffOf } from "#lib/domain/terms/diff/rules.ts";
import { diffAddress } from "#lib/domain/terms/input.ts";
import { documentText } from "#lib/domain/terms/queries.ts";

export const metadata: Metadata = { title: "What changes" };

type Props = { params: Promise<Record<string, string>>; searchParams: SearchParams };

/** T-2-INC: what changed from one version of a document to another; needs no script, and prints. */
export default async function DiffPage({ params, searchParams }: Props) {
  const wanted = diffAddress.safeParse(await params);
  if (!wanted.success) notFound();
  const { kind, version, other } = wanted.data;
  const ctx = await accountContext();
  const [before, after] = [await found(documentText(ctx, kind, version)), await found(documentText(ctx, kind, other))];
  const { view } = await firstOf(searchParams);
  const rows = diffOf(before.body, after.body);
  const here = `/legal/${kind}/${version}/diff/${other}`;
  const changes = rows.filter(({ mark }) => mark !== "same").length;
  return (
    <Page>
      <PageHeader
        title={`${after.title}: version ${version} to version ${other}`}
        description={changes === 0 ? "Nothing differs." : "What was moved, added, removed and changed is marked."}
      />
      <nav aria-label="Views" className="flex flex-wrap gap-x-4 gap-y-1 text-ui print:hidden">
        <TextLink href={here}>One column</TextLink>
        <TextLink href={`${here}?view=pairs`}>Side by side</TextLink>
        <TextLink href={`/legal/${kind}/${version}`}>Version {version}</TextLink>
        <TextLink href={`/legal/${kind}/${other}`}>Version {other}</TextLink>
      </nav>
      {view === "pairs" ? <DocumentPairs rows={rows} /> : <DocumentDiff rows={rows} />}
    </Page>
  );
}
