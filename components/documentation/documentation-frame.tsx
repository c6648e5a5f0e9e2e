import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { type Heading, type PageGroup, pageGroups } from "#lib/core/documentation/markdown.ts";
import { DocLink } from "./documentation-text.tsx";

export type NavPage = { href: string; title: string; group: PageGroup };

type Props = {
  pages: readonly NavPage[];
  /** The address of the page that is shown. */
  current: string;
  /** What stands on it. */
  headings?: readonly Heading[];
  /** What was searched for. */
  asked?: string;
  children: ReactNode;
};

/** Navigation beside a page of the documentation; above it, folded, where there is no room. All of it works without script. */
export function DocumentationFrame({ pages, current, headings = [], asked = "", children }: Props) {
  return (
    <div className="mx-auto grid w-full max-w-table gap-x-8 px-4 py-5 sm:px-6 lg:grid-cols-[200px_minmax(0,1fr)] lg:py-7 min-[1240px]:grid-cols-[200px_minmax(0,1fr)_200px]">
      <div className="flex flex-col gap-3 lg:sticky lg:top-4 lg:max-h-[calc(100dvh-2rem)] lg:self-start lg:overflow-y-auto">
        <SearchForm asked={asked} />
        <details className="rounded-card border border-line bg-surface lg:hidden">
          <summary className="cursor-pointer rounded-card px-3 py-2.5 text-ui font-medium">All pages</summary>
          <Pages label="All pages" pages={pages} current={current} />
        </details>
        <div className="max-lg:hidden">
          <Pages label="Documentation" pages={pages} current={current} />
        </div>
      </div>
      <div className="flex min-w-0 flex-col gap-4 max-lg:mt-5">{children}</div>
      {headings.length > 1 ? <OnThisPage headings={shortened(headings)} /> : null}
    </div>
  );
}

const SearchForm = ({ asked }: { asked: string }) => (
  <form action="/docs/search" method="get" className="flex gap-2 p-0.5">
    <div className="min-w-0 grow">
      <Input
        type="search"
        name="q"
        defaultValue={asked}
        maxLength={200}
        aria-label="Search the documentation"
        placeholder="Search"
      />
    </div>
    <Button type="submit">Search</Button>
  </form>
);

function Pages({ label, pages, current }: { label: string; pages: readonly NavPage[]; current: string }) {
  return (
    <nav aria-label={label} className="flex flex-col gap-3 p-2 lg:p-0">
      {pageGroups.map((group) => (
        <div key={group}>
          <p className="px-2 pb-1 text-meta font-semibold text-text-faint">{group}</p>
          <ul className="flex flex-col">
            {pages
              .filter((page) => page.group === group)
              .map(({ href, title }) => (
                <li key={href}>
                  <NavEntry href={href} isCurrent={href === current}>
                    {title}
                  </NavEntry>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function NavEntry({ href, isCurrent, children }: { href: string; isCurrent: boolean; children: ReactNode }) {
  const look = "block rounded-control px-2 py-1 text-ui";
  if (isCurrent)
    return (
      <span aria-current="page" className={`${look} bg-sunken font-medium text-text`}>
        {children}
      </span>
    );
  return (
    <DocLink href={href} look={`${look} text-text-soft hover:bg-sunken hover:text-text`}>
      {children}
    </DocLink>
  );
}

const mostHeadings = 40;

/** Of a page with a great many entries, its parts alone. */
const shortened = (headings: readonly Heading[]): readonly Heading[] =>
  headings.length > mostHeadings ? headings.filter(({ level }) => level === 2) : headings;

const OnThisPage = ({ headings }: { headings: readonly Heading[] }) => (
  <nav
    aria-label="On this page"
    className="sticky top-4 hidden max-h-[calc(100dvh-2rem)] self-start overflow-y-auto min-[1240px]:block"
  >
    <p className="pb-1 text-meta font-semibold text-text-faint">On this page</p>
    <ul className="flex flex-col text-meta">
      {headings.map(({ level, text, anchor }) => (
        <li key={anchor} className={level === 3 ? "pl-3" : ""}>
          <a href={`#${anchor}`} className="block rounded-small py-1 break-words text-text-soft hover:text-text">
            {text}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);
