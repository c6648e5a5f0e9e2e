"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { crumbId } from "./crumb.tsx";
import { isWithin, type NavEntry } from "./navigation.ts";
import type { WorkspacePlace } from "./places.ts";

/** Pages in the frame that belong to no workspace. */
const elsewhere: Record<string, string> = { account: "Account" };

/** Pages of a workspace that the foot of the sidebar leads to. */
const atFoot: readonly NavEntry[] = [{ section: "help", label: "Help", letter: "" }];

/** Workspace, section and what the page names; the section is a link only from pages beneath it. */
export function Breadcrumb({ workspace, entries }: { workspace: WorkspacePlace; entries: readonly NavEntry[] }) {
  const [, root = "", ...rest] = usePathname().split("/");
  const path = rest.join("/");
  const entry =
    root === workspace.id ? [...entries, ...atFoot].find(({ section }) => isWithin(path, section)) : undefined;
  const label = entry?.label ?? elsewhere[root];
  const isDeeper = entry !== undefined && entry.section !== path;
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 text-ui text-text-soft">
      <ol className="flex min-w-0 items-center gap-1.5">
        <li className="truncate">
          <Link href={`/${workspace.id}/home`} className="rounded-small hover:text-text">
            {workspace.name}
          </Link>
        </li>
        {label ? (
          <>
            <li aria-hidden="true" className="text-text-faint">
              /
            </li>
            <li className="truncate">
              {isDeeper ? (
                <Link href={`/${workspace.id}/${entry.section}`} className="rounded-small hover:text-text">
                  {label}
                </Link>
              ) : (
                <span aria-current="page">{label}</span>
              )}
            </li>
          </>
        ) : null}
        <li id={crumbId} className="flex min-w-0 items-center gap-1.5 empty:hidden" />
      </ol>
    </nav>
  );
}
