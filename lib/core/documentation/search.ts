import MiniSearch from "minisearch";
import { type DocumentationPage, sectionsOf } from "./markdown.ts";

/** A part of a page, or an operation of the API, as it is found. */
export type Findable = { href: string; title: string; heading: string; text: string };
export type Hit = { href: string; title: string; heading: string; excerpt: string };

const longest = 200;
const mostWords = 12;
const mostHits = 20;

/** What can be found of a page: each of its parts by itself. */
export const findableOf = (page: DocumentationPage): Findable[] =>
  sectionsOf(page)
    .map(({ text, anchor, body }) => ({
      href: `/docs/${page.slug}${anchor && `#${anchor}`}`,
      title: page.title,
      heading: anchor ? text : "",
      text: anchor ? plain(body) : `${page.description} ${plain(body)}`,
    }))
    .filter(({ text, heading }) => text !== "" || heading !== "");

/** Markdown without its marks. */
const plain = (markdown: string): string =>
  markdown
    .replace(/^```.*$/gm, " ")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*]+/g, "")
    .replace(/[|#>]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();

/** Names such as `spend_limit_reached` are found whole and by their parts. */
const tokensOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_.-]+/u)
    .flatMap((word) => (/[_.-]/.test(word) ? [word, ...word.split(/[_.-]+/)] : [word]))
    .filter((word) => word !== "");

export class DocumentationIndex {
  readonly #all: readonly Findable[];
  readonly #index: MiniSearch<Findable & { id: number }>;

  constructor(all: readonly Findable[]) {
    this.#all = all;
    this.#index = new MiniSearch({
      fields: ["title", "heading", "text"],
      tokenize: tokensOf,
      searchOptions: {
        boost: { heading: 4, title: 2 },
        combineWith: "AND",
        prefix: true,
        fuzzy: (word) => (word.length > 4 ? 0.2 : false),
      },
    });
    // A page's own words come before those of its parts.
    this.#index.addAll(all.map((one, id) => ({ ...one, heading: one.heading || one.title, id })));
  }

  /** What matches all of the words, best first. */
  find(asked: string): Hit[] {
    // Each word costs a walk through all of them.
    const words = [...new Set(tokensOf(asked.slice(0, longest)))].slice(0, mostWords).join(" ");
    return this.#index
      .search(words)
      .slice(0, mostHits)
      .flatMap(({ id, terms }) => {
        const found = this.#all[Number(id)];
        return found ? [{ ...found, excerpt: excerptOf(found.text, terms) }] : [];
      })
      .map(({ href, title, heading, excerpt }) => ({ href, title, heading, excerpt }));
  }
}

const before = 60;
const excerptLength = 200;

/** The words around the first that matched. */
function excerptOf(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...(places.length > 0 ? places : [0])) - before);
  const begin = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const isCut = begin + excerptLength < text.length;
  const piece = text.slice(begin, begin + excerptLength);
  return `${begin > 0 ? "… " : ""}${isCut ? `${piece.replace(/\s\S*$/, "")} …` : piece}`;
}
