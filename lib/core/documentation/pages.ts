import fs from "node:fs";
import path from "node:path";
import { type DocumentationPage, pageGroups, pageOf } from "./markdown.ts";

const folder = "lib/core/documentation/pages";
let known: readonly DocumentationPage[] | undefined;

/** All pages in the order of the navigation. Every process runs in the root of the product, where their files are. */
export function documentationPages(): readonly DocumentationPage[] {
  if (known && process.env.NODE_ENV !== "development") return known;
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".md"));
  known = names
    .map((name) => pageOf(path.basename(name, ".md"), fs.readFileSync(path.join(folder, name), "utf8")))
    .toSorted((a, b) => pageGroups.indexOf(a.group) - pageGroups.indexOf(b.group) || a.order - b.order);
  return known;
}

export const documentationPage = (slug: string): DocumentationPage | undefined =>
  documentationPages().find((page) => page.slug === slug);
