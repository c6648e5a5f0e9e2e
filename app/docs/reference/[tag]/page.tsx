import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { navigation, pageFacts } from "#app/docs/facts.ts";
import { apiReference } from "#app/docs/reference/document.ts";
import { DocumentationFrame } from "#components/documentation/documentation-frame.tsx";
import { Operations } from "#components/documentation/operations.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { Tag } from "#lib/core/documentation/reference.ts";

type Props = { params: Promise<{ tag: string }> };

async function tagOf({ params }: Props): Promise<Tag> {
  const { tag: slug } = await params;
  return (await apiReference()).find((tag) => tag.slug === slug) ?? notFound();
}

export const generateMetadata = async (props: Props): Promise<Metadata> => ({
  title: `${(await tagOf(props)).name} · API reference`,
});

export default async function TagPage(props: Props) {
  const tag = await tagOf(props);
  const headings = tag.operations.map(({ anchor, method, path }) => ({
    level: 2 as const,
    text: `${method} ${path}`,
    anchor,
  }));
  return (
    <DocumentationFrame pages={navigation()} current={`/docs/reference/${tag.slug}`} headings={headings}>
      <PageHeader title={`API reference: ${tag.name}`} description={tag.description} />
      <Operations operations={tag.operations} facts={await pageFacts()} />
    </DocumentationFrame>
  );
}
