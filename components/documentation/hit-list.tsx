import { Search } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { DocLink } from "./documentation-text.tsx";

type Hit = { href: string; title: string; heading: string; excerpt: string };

/** What a search of the documentation found. */
export function HitList({ asked, hits }: { asked: string; hits: readonly Hit[] }) {
  if (asked.trim() === "") return <p className="text-text-soft">Type a word, a field, a header or an error's code.</p>;
  if (hits.length === 0)
    return (
      <EmptyState icon={Search} title={`Nothing matches “${asked}”`}>
        Try fewer words, or the name of a field or an error.
      </EmptyState>
    );
  return (
    <ol className="flex flex-col gap-4">
      {hits.map(({ href, title, heading, excerpt }) => (
        <li key={href}>
          <DocLink href={href}>{heading ? `${title}: ${heading}` : title}</DocLink>
          <p className="text-ui break-words text-text-soft">{excerpt}</p>
        </li>
      ))}
    </ol>
  );
}
