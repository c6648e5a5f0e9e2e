import type { Metadata } from "next";
import { DocumentationFrame } from "#components/documentation/documentation-frame.tsx";
import { DocLink } from "#components/documentation/documentation-text.tsx";
import { PageList } from "#components/documentation/page-list.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { env } from "#lib/core/env.ts";
import { navigation } from "./facts.ts";

export const metadata: Metadata = { title: "Documentation" };

export default function DocumentationPage() {
  const pages = navigation();
  return (
    <DocumentationFrame pages={pages} current="/docs">
      <PageHeader
        title="Documentation"
        description={`How to build on ${env().PROVIDER_NAME}: the API, its limits, and the agreement behind it.`}
      />
      <p className="text-text-soft">
        New here? Begin with the <DocLink href="/docs/quickstart">quickstart</DocLink>: a key, one call, an answer.
      </p>
      <PageList pages={pages} />
    </DocumentationFrame>
  );
}
