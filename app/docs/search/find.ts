import { pageFacts } from "#app/docs/facts.ts";
import { apiReferenceIfThere } from "#app/docs/reference/document.ts";
import { filled, type PageFacts } from "#lib/core/documentation/markdown.ts";
import { documentationPages } from "#lib/core/documentation/pages.ts";
import type { Tag } from "#lib/core/documentation/reference.ts";
import { DocumentationIndex, type Findable, findableOf, type Hit } from "#lib/core/documentation/search.ts";

let kept: { index: DocumentationIndex; key: string } | undefined;

/** What matches in the pages and in the API reference, best first. */
export async function searchDocumentation(asked: string): Promise<Hit[]> {
  if (asked.trim() === "") return [];
  const [facts, tags] = await Promise.all([pageFacts(), apiReferenceIfThere()]);
  // Without the API, the pages are found alone; with it, all is made anew.
  const key = `${facts.provider} ${facts.model} ${tags.length} ${process.env.NODE_ENV === "development" ? asked : ""}`;
  if (kept?.key !== key) kept = { key, index: new DocumentationIndex(allOf(facts, tags)) };
  return kept.index.find(asked);
}

/** Every part of every page, and every operation; what names this reader's address is left as it is. */
const allOf = (facts: PageFacts, tags: readonly Tag[]): Findable[] => [
  ...documentationPages()
    .map((page) => ({ ...page, body: filled(page.body, { ...facts, origin: "", base: "/v1" }) }))
    .flatMap(findableOf),
  ...tags.flatMap(({ slug, name, operations }) =>
    operations.map(({ anchor, method, path, summary }) => ({
      href: `/docs/reference/${slug}#${anchor}`,
      title: `API reference, ${name}`,
      heading: `${method} ${path}`,
      text: summary,
    })),
  ),
];
