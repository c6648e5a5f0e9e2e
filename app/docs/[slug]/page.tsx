import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { navigation, pageFacts } from "#app/docs/facts.ts";
import { DocumentationFrame } from "#components/documentation/documentation-frame.tsx";
import { DocLink, DocumentationText } from "#components/documentation/documentation-text.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { filled, headingsOf } from "#lib/core/documentation/markdown.ts";
import { documentationPage } from "#lib/core/documentation/pages.ts";

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = documentationPage((await params).slug);
  return page ? { title: `${page.title} · Docs`, description: page.description } : {};
}

export default async function DocumentationPage({ params }: Props) {
  const page = documentationPage((await params).slug);
  if (!page) notFound();
  const facts = await pageFacts();
  const href = `/docs/${page.slug}`;
  return (
    <DocumentationFrame pages={navigation()} current={href} headings={headingsOf(page)}>
      <PageHeader title={page.title} description={filled(page.description, facts)} />
      <DocumentationText body={filled(page.body, facts)} />
      <p className="mt-4 border-t border-line pt-3 text-meta text-text-faint">
        <DocLink href={`${href}.md`}>This page as Markdown</DocLink>
      </p>
    </DocumentationFrame>
  );
}
