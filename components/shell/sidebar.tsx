import Link from "next/link";
import type { ReactNode } from "react";
import { NavLink, sidebarId } from "./nav-link.tsx";
import type { NavGroup } from "./navigation.ts";

type Props = {
  head: ReactNode;
  workspaceId: string;
  groups: readonly NavGroup[];
  /** What stands beside an entry, by its section: only what asks for action. */
  asides: Readonly<Record<string, ReactNode>>;
  /** The way to one's notices, with how many are unread. */
  notices: ReactNode;
  account: ReactNode;
};

/** Stands at the left from 1024 px; below that it is a popover that the strip's button opens, without any script. */
export function Sidebar({ head, workspaceId, groups, asides, notices, account }: Props) {
  return (
    <aside
      id={sidebarId}
      popover="auto"
      className="fixed inset-y-0 left-0 m-0 h-dvh w-[min(86vw,288px)] flex-col border-0 bg-sunken p-2.5 text-text shadow-float backdrop:bg-veil open:flex lg:sticky lg:top-0 lg:flex lg:w-auto lg:shadow-none"
    >
      {head}
      <nav aria-label="Console" className="mt-2 flex min-h-0 grow flex-col gap-0.5 overflow-y-auto">
        {groups.map((group) => (
          <div key={group.label} className="flex flex-col gap-0.5">
            {group.label ? (
              <h2 className="px-2 pt-3.5 pb-1 text-[11px] leading-4 font-semibold text-text-faint">{group.label}</h2>
            ) : null}
            {group.entries.map((entry) => (
              <NavLink key={entry.section} href={`/${workspaceId}/${entry.section}`} aside={asides[entry.section]}>
                {entry.label}
              </NavLink>
            ))}
          </div>
        ))}
      </nav>
      <div className="mt-2 flex flex-col gap-1 border-t border-line pt-2">
        <p className="flex gap-4 px-2 py-1 text-meta text-text-faint">
          {notices}
          <Link href={`/${workspaceId}/help`} className="rounded-small hover:text-text">
            Help
          </Link>
          <a href="/legal" className="rounded-small hover:text-text">
            Legal
          </a>
        </p>
        {account}
      </div>
    </aside>
  );
}
