"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { classes } from "#components/ui/classes.ts";

/** The sidebar's id: on small screens it is a popover that a followed link closes. */
export const sidebarId = "sidebar";

const closeDrawer = () => {
  const sidebar = document.getElementById(sidebarId);
  if (sidebar?.matches(":popover-open")) sidebar.hidePopover();
};

/** `isExact`: pages beneath it belong to other links. */
type Props = { href: string; children: ReactNode; aside?: ReactNode; isExact?: boolean };

export function NavLink({ href, children, aside, isExact = false }: Props) {
  const pathname = usePathname();
  const current = pathname === href || (!isExact && pathname.startsWith(`${href}/`));
  return (
    <Link
      href={href}
      onClick={closeDrawer}
      aria-current={current ? "page" : undefined}
      className={classes(
        "flex h-7 items-center justify-between rounded-control border px-2 text-ui pointer-coarse:h-10",
        current
          ? "border-line bg-surface font-medium text-text"
          : "border-transparent text-text-soft hover:bg-line/50 hover:text-text",
      )}
    >
      {children}
      {aside}
    </Link>
  );
}
