import Link from "next/link";
import { classes } from "./classes.ts";

export type Segment = { href: string; label: string; current: boolean };

/** A choice of few, each a link, so that the address keeps it. */
export function Segments({ label, segments }: { label: string; segments: readonly Segment[] }) {
  return (
    <nav
      aria-label={label}
      className="inline-flex h-8.5 max-w-full overflow-x-auto rounded-control border border-line bg-sunken p-0.5"
    >
      {segments.map((segment) => (
        <Link
          key={segment.label}
          href={segment.href}
          scroll={false}
          aria-current={segment.current ? "true" : undefined}
          className={classes(
            "flex items-center rounded-[5px] px-2.5 text-ui whitespace-nowrap outline-offset-0",
            segment.current
              ? "border border-line bg-surface font-medium [scroll-initial-target:nearest]"
              : "text-text-soft hover:text-text",
          )}
        >
          {segment.label}
        </Link>
      ))}
    </nav>
  );
}
