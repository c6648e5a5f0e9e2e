"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { crumbId } from "#components/shell/crumb.tsx";
import type { Desks } from "./desks.ts";

/** Staff, the desk, and what its page names. */
export function DeskCrumbs({ desks }: { desks: Desks }) {
  const pathname = usePathname();
  const links = desks.flatMap((group) => group.links);
  const desk = pathname.startsWith("/staff/tickets/")
    ? links.find(({ href }) => href === "/staff")
    : links.find(({ href, isExact }) => pathname === href || (!isExact && pathname.startsWith(`${href}/`)));
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 text-ui text-text-soft">
      <ol className="flex min-w-0 items-center gap-1.5">
        <li>
          <Link href="/staff" className="rounded-small hover:text-text">
            Staff
          </Link>
        </li>
        {desk ? (
          <>
            <li aria-hidden="true" className="text-text-faint">
              /
            </li>
            <li className="truncate">
              {desk.href === pathname ? (
                <span aria-current="page">{desk.label}</span>
              ) : (
                <Link href={desk.href} className="rounded-small hover:text-text">
                  {desk.label}
                </Link>
              )}
            </li>
          </>
        ) : null}
        <li id={crumbId} className="flex min-w-0 items-center gap-1.5 empty:hidden" />
      </ol>
    </nav>
  );
}
