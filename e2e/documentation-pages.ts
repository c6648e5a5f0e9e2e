import { documentationPages } from "#lib/core/documentation/pages.ts";
import type { Sight } from "./sight.ts";

const visited = (route: string, state: string | undefined, address: string): Sight => ({
  route,
  ...(state && { state }),
  role: "visitor",
  at: () => address,
});

/** The documentation: each of its pages, the search in its states, and the parts of the API that look most different. */
export const documentationSights: readonly Sight[] = [
  visited("/docs", undefined, "/docs"),
  ...documentationPages().map(({ slug }) => visited("/docs/[slug]", slug, `/docs/${slug}`)),
  visited("/docs/search", undefined, "/docs/search"),
  visited("/docs/search", "something found", "/docs/search?q=spend+limit"),
  visited("/docs/search", "nothing found", "/docs/search?q=nobody-at-all"),
  visited("/docs/reference", undefined, "/docs/reference"),
  ...["chat", "files", "admin-people", "about"].map((tag) =>
    visited("/docs/reference/[tag]", tag, `/docs/reference/${tag}`),
  ),
  visited("/docs/models/[...model]", undefined, "/docs/models/tiny-chat-1"),
];
