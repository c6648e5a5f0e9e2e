import type { ComponentProps, ReactNode } from "react";
import { AccountMenu } from "./account-menu.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";
import { CommandCenter } from "./command-center.tsx";
import { Frame } from "./frame.tsx";
import type { NavGroup } from "./navigation.ts";
import type { Places } from "./places.ts";
import { FootLink, Sidebar } from "./sidebar.tsx";
import { Switcher } from "./switcher.tsx";

type Props = {
  places: Places;
  groups: readonly NavGroup[];
  /** What stands beside entries of the sidebar, by their section. */
  asides: Readonly<Record<string, ReactNode>>;
  /** What has to be known on every page, above it. */
  banner: ReactNode;
  /** What is true of the whole workspace, beside its name. */
  mark: ReactNode;
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
    <Frame
      isDemo={isDemo}
      sidebar={
        <Sidebar
          label="Console"
          head={<Switcher places={places} mayCreateWorkspaces={mayCreateWorkspaces} />}
          groups={linkedTo(places.workspace.id, groups, asides)}
          foot={
            <>
              {notices}
              <FootLink href="/docs">Docs</FootLink>
              <FootLink href={`/${places.workspace.id}/help`}>Help</FootLink>
              <FootLink href="/legal">Legal</FootLink>
              {/* The front answers it, not the console. */}
              <a href="/status" className="rounded-small hover:text-text">
                Status
              </a>
            </>
          }
          account={<AccountMenu {...account}>{signOut}</AccountMenu>}
        />
      }
      crumbs={
        <>
          <Breadcrumb workspace={places.workspace} entries={entries} />
          {rest.mark}
        </>
      }
      tools={<CommandCenter places={places} entries={entries} mayCreateKeys={mayCreateKeys} />}
    >
      {rest.banner}
      {rest.children}
    </Frame>
  );
}

const linkedTo = (
  workspaceId: string,
  groups: readonly NavGroup[],
  asides: Props["asides"],
): ComponentProps<typeof Sidebar>["groups"] =>
  groups.map(({ label, entries }) => ({
    label,
    links: entries.map(({ section, label }) => ({
      href: `/${workspaceId}/${section}`,
      label,
      aside: asides[section],
    })),
  }));
