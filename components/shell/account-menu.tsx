"use client";

import { ChevronsUpDown } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { Menu } from "#components/ui/menu.tsx";
import { MenuButton, MenuLabel, MenuLine, MenuLink } from "#components/ui/menu-entry.tsx";
import { densities, keepAppearance, onAppearanceChange, themes } from "./appearance.ts";

type Props = { name: string; email: string; children?: ReactNode };

const words = {
  light: "Light",
  dark: "Dark",
  system: "As the system",
  comfortable: "Comfortable rows",
  compact: "Compact rows",
} as const;

/** Who is signed in, how the console looks, and the way out (given as children). */
export function AccountMenu({ name, email, children }: Props) {
  const chosen = { theme: useChosen("theme"), density: useChosen("density") };
  return (
    <Menu
      triggerLook="wide"
      width="wide"
      trigger={
        <>
          <span className="min-w-0 grow">
            <span className="block truncate text-ui">{name}</span>
            <span className="block truncate text-meta text-text-faint">{email}</span>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-text-faint" />
          <span className="sr-only">Account and appearance</span>
        </>
      }
    >
      <MenuLink href="/account">Account</MenuLink>
      <MenuLine />
      <MenuLabel>Theme</MenuLabel>
      {themes.map((theme) => (
        <MenuButton key={theme} current={theme === chosen.theme} onClick={() => keepAppearance("theme", theme)}>
          {words[theme]}
        </MenuButton>
      ))}
      <MenuLabel>Density</MenuLabel>
      {densities.map((density) => (
        <MenuButton
          key={density}
          current={density === chosen.density}
          onClick={() => keepAppearance("density", density)}
        >
          {words[density]}
        </MenuButton>
      ))}
      {children ? <MenuLine /> : null}
      {children}
    </Menu>
  );
}

/** What `<html>` says; the server, which wrote it there, need not be asked again. */
const useChosen = (name: "theme" | "density"): string | undefined =>
  useSyncExternalStore(
    onAppearanceChange,
    () => document.documentElement.dataset[name],
    () => undefined,
  );
