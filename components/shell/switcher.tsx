"use client";

import { ChevronsUpDown } from "lucide-react";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { Input } from "#components/ui/input.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { MenuLabel, MenuLine, MenuLink } from "#components/ui/menu-entry.tsx";
import { sectionOf } from "./navigation.ts";
import type { OrganizationPlace, Places, WorkspacePlace } from "./places.ts";

const searchFrom = 8;

/** Organization and workspace at the sidebar's head; choosing keeps the section you are in. */
export function Switcher({ places, mayCreateWorkspaces }: { places: Places; mayCreateWorkspaces: boolean }) {
  const section = sectionOf(usePathname());
  const [wanted, setWanted] = useState("");
  const { organization, workspace, otherOrganizations } = places;
  const to = (place: WorkspacePlace) => `/${place.id}/${section}`;
  return (
    <Menu
      triggerLook="wide"
      width="wide"
      trigger={
        <>
          <Initial name={organization.name} />
          <span className="min-w-0 grow">
            <span className="block truncate text-ui font-semibold">{organization.name}</span>
            <span className="block truncate text-meta text-text-faint">{workspace.name}</span>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-text-faint" />
          <span className="sr-only">Switch workspace</span>
        </>
      }
    >
      {organization.workspaces.length >= searchFrom ? (
        <div className="p-1">
          <Input
            type="search"
            aria-label="Find a workspace"
            placeholder="Find a workspace…"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </div>
      ) : null}
      <MenuLabel>{organization.name}</MenuLabel>
      {matching(organization, wanted).map((place) => (
        <MenuLink key={place.id} href={to(place)} current={place.id === workspace.id}>
          {place.name}
        </MenuLink>
      ))}
      {otherOrganizations.length > 0 ? <MenuLine /> : null}
      {otherOrganizations.map((other) => (
        <OtherOrganization key={other.id} organization={other} to={to} />
      ))}
      <MenuLine />
      {mayCreateWorkspaces ? (
        <MenuLink href={`/${workspace.id}/organization/workspaces?create=1`}>Create workspace</MenuLink>
      ) : null}
      <MenuLink href="/welcome?organization=new">Create organization</MenuLink>
    </Menu>
  );
}

function OtherOrganization({
  organization,
  to,
}: {
  organization: OrganizationPlace;
  to: (place: WorkspacePlace) => string;
}) {
  return (
    <>
      <MenuLabel>{organization.name}</MenuLabel>
      {organization.workspaces.map((place) => (
        <MenuLink key={place.id} href={to(place)}>
          {place.name}
        </MenuLink>
      ))}
    </>
  );
}

const matching = (organization: OrganizationPlace, wanted: string): readonly WorkspacePlace[] =>
  organization.workspaces.filter((place) => place.name.toLowerCase().includes(wanted.trim().toLowerCase()));

function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="flex size-6.5 shrink-0 items-center justify-center rounded-control bg-accent text-meta font-semibold text-on-accent"
    >
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}
