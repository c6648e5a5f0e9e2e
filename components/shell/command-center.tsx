"use client";

import { useCallback, useState } from "react";
import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { CommandPalette } from "./command-palette.tsx";
import type { NavEntry } from "./navigation.ts";
import type { Places } from "./places.ts";
import { useShortcuts } from "./use-shortcuts.ts";

type Props = { places: Places; entries: readonly NavEntry[]; mayCreateKeys: boolean };

/** The strip's search button, and everything the keyboard can do from anywhere. */
export function CommandCenter({ places, entries, mayCreateKeys }: Props) {
  const [shown, setShown] = useState<"nothing" | "palette" | "help">("nothing");
  const openPalette = useCallback(() => setShown("palette"), []);
  const openHelp = useCallback(() => setShown("help"), []);
  const close = () => setShown("nothing");
  useShortcuts({ workspaceId: places.workspace.id, entries, openPalette, openHelp });
  return (
    <>
      <button
        type="button"
        onClick={openPalette}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex items-center gap-2 rounded-control px-1.5 py-1 text-ui text-text-soft hover:text-text"
      >
        <span className="max-sm:sr-only">Search or jump to</span>
        <span className="sm:hidden">Search</span>
        <span className="max-sm:hidden pointer-coarse:hidden">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      {shown === "palette" ? (
        <CommandPalette
          places={places}
          entries={entries}
          mayCreateKeys={mayCreateKeys}
          onClose={close}
          onHelp={openHelp}
        />
      ) : null}
      <Dialog open={shown === "help"} onClose={close} title="Keyboard">
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-ui">
          {shortcutsOf(entries).map(([keys, words]) => (
            <div key={words} className="contents">
              <dt className="flex gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  );
}

const shortcutsOf = (entries: readonly NavEntry[]): [string[], string][] => [
  [["Ctrl", "K"], "Search or jump to"],
  ...entries.map(({ letter, label }): [string[], string] => [["g", letter], `Go to ${label}`]),
  [["c"], "Create, on pages with a list"],
  [["/"], "Filter, on pages with a list"],
  [["?"], "This list"],
];
