import { Menu as MenuIcon } from "lucide-react";
import type { ReactNode } from "react";
import { AccountMenu } from "./account-menu.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";
import { CommandCenter } from "./command-center.tsx";
import { DemoBanner } from "./demo-banner.tsx";
import { sidebarId } from "./nav-link.tsx";
import type { NavGroup } from "./navigation.ts";
import type { Places } from "./places.ts";
import { Sidebar } from "./sidebar.tsx";
import { Switcher } from "./switcher.tsx";

type Props = {
  places: Places;
  groups: readonly NavGroup[];
  /** What stands beside entries of the sidebar, by their section. */
  asides: Readonly<Record<string, ReactNode>>;
  /** What has to be known on every page, above it. */
  banner: ReactNode;
  account: { name: string; email: string };
  /** The way to what was written to this person. */
  notices: ReactNode;
  mayCreateKeys: boolean;
  mayCreateWorkspaces: boolean;
  isDemo: boolean;
  /** The way out, as an entry of the account menu. */
  signOut: ReactNode;
  children: ReactNode;
};

/** The frame of every console page: sidebar, strip, sheet. */
export function Shell({
  places,
  groups,
  asides,
  account,
  notices,
  mayCreateKeys,
  mayCreateWorkspaces,
  isDemo,
  signOut,
  ...rest
}: Props) {
  const entries = groups.flatMap((group) => group.entries);
  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-accent text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="lg:grid lg:grid-cols-[248px_minmax(0,1fr)]">
        <Sidebar
          head={<Switcher places={places} mayCreateWorkspaces={mayCreateWorkspaces} />}
          workspaceId={places.workspace.id}
          groups={groups}
          asides={asides}
          notices={notices}
          account={<AccountMenu {...account}>{signOut}</AccountMenu>}
        />
        <div className="flex min-h-dvh min-w-0 flex-col lg:pr-2 lg:pb-2">
          {isDemo ? <DemoBanner /> : null}
          <div className="sticky top-0 z-20 bg-sunken lg:pt-2">
            <header className="flex h-12 items-center justify-between gap-4 border-b border-line bg-canvas px-4 lg:rounded-t-sheet lg:border lg:px-5">
              <span className="flex min-w-0 items-center gap-2">
                <button
                  type="button"
                  popoverTarget={sidebarId}
                  aria-label="Open navigation"
                  className="-ml-2 flex size-10 items-center justify-center rounded-control text-text-soft lg:hidden"
                >
                  <MenuIcon aria-hidden="true" className="size-5" />
                </button>
                <Breadcrumb workspace={places.workspace} entries={entries} />
              </span>
              <CommandCenter places={places} entries={entries} mayCreateKeys={mayCreateKeys} />
            </header>
          </div>
          <main
            id="content"
            tabIndex={-1}
            className="grow border-line bg-canvas outline-none lg:rounded-b-sheet lg:border lg:border-t-0"
          >
            {rest.banner}
            {rest.children}
          </main>
        </div>
      </div>
    </>
  );
}
