import { LinkButton } from "#components/ui/link-button.tsx";

type Props = {
  /** "1–50 of 312". */
  summary: string;
  previousHref?: string | undefined;
  nextHref?: string | undefined;
};

/** Keyset pages: a link to what comes before and after, nothing to number. */
export function ListFooter({ summary, previousHref, nextHref }: Props) {
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-4 text-ui text-text-soft">
      <span className="tabular">{summary}</span>
      <span className="flex gap-2">
        {previousHref ? (
          <LinkButton size="small" href={previousHref} prefetch={false}>
            Previous
          </LinkButton>
        ) : null}
        {nextHref ? (
          <LinkButton size="small" href={nextHref} prefetch={false}>
            Next
          </LinkButton>
        ) : null}
      </span>
    </nav>
  );
}
