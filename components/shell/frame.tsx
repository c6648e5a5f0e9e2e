import { Menu as MenuIcon } from "lucide-react";
import type { ReactNode } from "react";
import { DemoBanner } from "./demo-banner.tsx";
import { sidebarId } from "./nav-link.tsx";

type Props = {
  sidebar: ReactNode;
  /** Left and right end of the strip above the sheet. */
  crumbs: ReactNode;
  tools?: ReactNode;
  isDemo: boolean;
  children: ReactNode;
};

/** Sidebar, strip and sheet, for customers and for staff. */
export const Frame = ({ sidebar, crumbs, tools, isDemo, children }: Props) => (
  <>
    <a
      href="#content"
      className="sr-only z-50 rounded-control bg-accent text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:px-3 focus:py-2"
    >
      Skip to content
    </a>
    <div className="lg:grid lg:grid-cols-[248px_minmax(0,1fr)] print:block">
      {sidebar}
      <div className="flex min-h-dvh min-w-0 flex-col lg:pr-2 lg:pb-2">
        {isDemo ? <DemoBanner /> : null}
        <div className="sticky top-0 z-20 bg-sunken lg:pt-2 print:hidden">
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
              {crumbs}
            </span>
            {tools}
          </header>
        </div>
        <main
          id="content"
          tabIndex={-1}
          className="grow border-line bg-canvas outline-none lg:rounded-b-sheet lg:border lg:border-t-0"
        >
          {children}
        </main>
      </div>
    </div>
  </>
);
