import type { Metadata } from "next";
import { navigation } from "#app/docs/facts.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { DocumentationFrame } from "#components/documentation/documentation-frame.tsx";
import { HitList } from "#components/documentation/hit-list.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { searchDocumentation } from "./find.ts";

export const metadata: Metadata = { title: "Search · Docs" };

export default async function SearchPage({ searchParams }: { searchParams: SearchParams }) {
  const { q: asked = "" } = await firstOf(searchParams);
  return (
    <DocumentationFrame pages={navigation()} current="/docs/search" asked={asked}>
      <PageHeader
        title="Search"
        description={asked ? `What matches “${asked}”.` : "Search all pages and the API reference."}
      />
      <HitList asked={asked} hits={await searchDocumentation(asked)} />
    </DocumentationFrame>
  );
}
