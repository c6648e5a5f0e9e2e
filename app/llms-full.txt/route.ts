import { pageFacts } from "#app/docs/facts.ts";
import { markdownOf } from "#lib/core/documentation/markdown.ts";
import { documentationPages } from "#lib/core/documentation/pages.ts";

/** All pages in one file, for programs that read the documentation. */
export async function GET(): Promise<Response> {
  const facts = await pageFacts();
  return new Response(
    documentationPages()
      .map((page) => markdownOf(page, facts))
      .join("\n---\n\n"),
    { headers: { "content-type": "text/plain; charset=utf-8" } },
  );
}
