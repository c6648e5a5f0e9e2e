import { baseUrl } from "#app/(console)/base-url.ts";
import { visitorContext } from "#app/doors/visitor.ts";
import type { NavPage } from "#components/documentation/documentation-frame.tsx";
import type { PageFacts } from "#lib/core/documentation/markdown.ts";
import { documentationPages } from "#lib/core/documentation/pages.ts";
import { env } from "#lib/core/env.ts";
import { exampleModels } from "#lib/domain/lifecycle/queries.ts";
import { clockTable, eventTable } from "./lists.ts";

/** What the pages say of this installation, as this reader reaches it. */
export async function pageFacts(): Promise<PageFacts> {
  const [base, { chat, embedding }] = await Promise.all([baseUrl(), exampleModels(await visitorContext())]);
  return {
    base,
    origin: base.replace(/\/v1$/, ""),
    provider: env().PROVIDER_NAME,
    model: chat ?? "MODEL",
    "embedding-model": embedding ?? "EMBEDDING-MODEL",
    events: eventTable,
    clocks: clockTable,
  };
}

const reference = {
  href: "/docs/reference",
  title: "API reference",
  description: "Every address of the API with its fields, answers and errors.",
  group: "Look up",
} as const;

/** Everything in the navigation. */
export const navigation = (): (NavPage & { description: string })[] => [
  ...documentationPages().map(({ slug, title, description, group }) => ({
    href: `/docs/${slug}`,
    title,
    description,
    group,
  })),
  reference,
];
