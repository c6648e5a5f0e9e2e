import { pageFacts } from "#app/docs/facts.ts";
import { markdownOf } from "#lib/core/documentation/markdown.ts";
import { documentationPage } from "#lib/core/documentation/pages.ts";

/** A page as Markdown, for programs and for people who keep it. */
export async function GET(_request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const page = documentationPage((await params).slug);
  if (!page) return new Response("There is no such page.\n", { status: 404 });
  return new Response(markdownOf(page, await pageFacts()), {
    headers: { "content-type": "text/markdown; charset=utf-8" },
  });
}
