import { pageGroups } from "#lib/core/documentation/markdown.ts";
import type { NavPage } from "./documentation-frame.tsx";
import { DocLink } from "./documentation-text.tsx";

type ListedPage = NavPage & { description: string };

/** Every page with what it tells. */
export const PageList = ({ pages }: { pages: readonly ListedPage[] }) => (
  <div className="flex flex-col gap-6">
    {pageGroups.map((group) => (
      <section key={group} aria-labelledby={`group-${group.replace(" ", "-")}`} className="flex flex-col gap-2">
        <h2 id={`group-${group.replace(" ", "-")}`} className="text-section font-semibold">
          {group}
        </h2>
        <ul className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
          {pages
            .filter((page) => page.group === group)
            .map(({ href, title, description }) => (
              <li key={href}>
                <DocLink href={href}>{title}</DocLink>
                <p className="text-ui text-text-soft">{description}</p>
              </li>
            ))}
        </ul>
      </section>
    ))}
  </div>
);
