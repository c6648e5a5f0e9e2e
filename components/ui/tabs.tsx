import Link from "next/link";
import { classes } from "./classes.ts";

export type Tab = { href: string; label: string; current: boolean };

/** Parts of a noun, each with its own address. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          aria-current={tab.current ? "page" : undefined}
          className={classes(
            "-mb-px border-b-2 py-2 text-ui whitespace-nowrap outline-offset-0",
            tab.current ? "border-accent font-medium text-text" : "border-transparent text-text-soft hover:text-text",
          )}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
