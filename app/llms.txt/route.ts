import { pageFacts } from "#app/docs/facts.ts";
import { pageGroups } from "#lib/core/documentation/markdown.ts";
import { documentationPages } from "#lib/core/documentation/pages.ts";

/** Which pages there are, for programs that read the documentation. */
export async function GET(): Promise<Response> {
  const { origin, provider } = await pageFacts();
  const lines = pageGroups.flatMap((group) => [
    `\n## ${group}\n`,
    ...documentationPages()
      .filter((page) => page.group === group)
      .map(({ slug, title, description }) => `- [${title}](${origin}/docs/${slug}.md): ${description}`),
  ]);
  const head = [`# ${provider}`, "", `> A model platform: chat, agents, files, batches and fine-tuning over HTTP.`, ""];
  const rest = ["", "## Optional", "", `- [OpenAPI document](${origin}/v1/openapi.json): every address of the API`];
  const all = `- [Everything in one file](${origin}/llms-full.txt)`;
  return new Response(`${[...head, ...lines, ...rest, all].join("\n")}\n`, {
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}
