import type { Metadata } from "next";
import { navigation } from "#app/docs/facts.ts";
import { DocumentationFrame } from "#components/documentation/documentation-frame.tsx";
import { DocLink } from "#components/documentation/documentation-text.tsx";
import { TagList } from "#components/documentation/operations.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { apiReference } from "./document.ts";

export const metadata: Metadata = { title: "API reference · Docs" };

export default async function ReferencePage() {
  return (
    <DocumentationFrame pages={navigation()} current="/docs/reference">
      <PageHeader
        title="API reference"
        description="Every address of the API, from the document that it serves itself."
      />
      <p className="text-text-soft">
        Programs read the same as <DocLink href="/v1/openapi.json">/v1/openapi.json</DocLink>, in OpenAPI 3.1.
      </p>
      <TagList tags={await apiReference()} />
    </DocumentationFrame>
  );
}
