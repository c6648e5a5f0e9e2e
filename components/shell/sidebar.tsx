import Link from "next/link";
import type { ReactNode } from "react";
import { NavLink, sidebarId } from "./nav-link.tsx";

/** `aside`, or a count, stands beside a link: only what asks for action. */
export type SidebarLink = { href: string; label: string; aside?: ReactNode; count?: number; isExact?: boolean };

type Props = {
  /** What is read out of the list of links. */
  label: string;
  head: ReactNode;
  groups: readonly { label: string; links: readonly SidebarLink[] }[];
  /** Quiet links at the foot. */
  foot: ReactNode;
  account: ReactNode;
};

/** Stands at the left from 1024 px; below that it is a popover that the strip's button opens, without any script. */
export function Sidebar({ label, head, groups, foot, account }: Props) {
  return (
    <aside
      id={sidebarId}
      popover="auto"
      className="fixed inset-y-0 left-0 m-0 h-dvh w-[min(86vw,288px)] flex-col border-0 bg-sunken p-2.5 text-text shadow-float backdrop:bg-veil open:flex lg:sticky lg:top-0 lg:flex lg:w-auto lg:shadow-none print:hidden"
    >
      {head}
      <nav aria-label={label} className="mt-2 flex min-h-0 grow flex-col gap-0.5 overflow-y-auto">
        {groups.map((group) => (
          <div key={group.label} className="flex flex-col gap-0.5">
            {group.label ? (
              <h2 className="px-2 pt-3.5 pb-1 text-[11px] leading-4 font-semibold text-text-faint">{group.label}</h2>
            ) : null}
            {group.links.map(({ href, label, aside, count, isExact = false }) => (
              <NavLink
                key={href}
                href={href}
                aside={count ? <span className="tabular text-meta text-text-faint">{count}</span> : aside}
                isExact={isExact}
              >
                {label}
              </NavLink>
            ))}
          </div>
        ))}
      </nav>
      <div className="mt-2 flex flex-col gap-1 border-t border-line pt-2">
        <p className="flex flex-wrap gap-x-3.5 gap-y-2.5 px-2 py-1.5 text-meta text-text-faint">{foot}</p>
        {account}
      </div>
    </aside>
  );
}

export const FootLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link href={href} className="rounded-small hover:text-text">
    {children}
  </Link>
);
