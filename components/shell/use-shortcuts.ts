import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { NavEntry } from "./navigation.ts";

type Shortcuts = {
  workspaceId: string;
  entries: readonly NavEntry[];
  openPalette: () => void;
  openHelp: () => void;
};

const goWindowMs = 1200;

/** Single keys do nothing while someone types, or while a dialog is open. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]")) return true;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}

/** Pages mark what `c` presses and `/` focuses with `data-shortcut`. */
function press(name: "create" | "filter"): boolean {
  const found = document.querySelector<HTMLElement>(`[data-shortcut="${name}"]`);
  // Focused also before a click, so that a dialog gives the focus back to where it came from.
  found?.focus();
  if (name === "create") found?.click();
  return found !== null;
}

const isPalette = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);

/** A key alone, meant for the page. */
export const isPlain = (event: KeyboardEvent): boolean =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !isBusy(event.target);

/** `g` and a letter goes, `c` creates, `/` filters, `?` explains, Ctrl K finds. */
export function useShortcuts({ workspaceId, entries, openPalette, openHelp }: Shortcuts): void {
  const router = useRouter();
  const leaderAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const go = (letter: string): boolean => {
      const entry = entries.find((entry) => entry.letter === letter);
      if (entry) router.push(`/${workspaceId}/${entry.section}`);
      return entry !== undefined;
    };
    const explain = () => {
      openHelp();
      return true;
    };
    const single: Record<string, () => boolean> = {
      "?": explain,
      "/": () => press("filter"),
      c: () => press("create"),
    };
    /** Whether the key meant something here. */
    const plainKey = ({ key, timeStamp }: KeyboardEvent): boolean => {
      const isAfterLeader = timeStamp - leaderAt.current < goWindowMs;
      leaderAt.current = !isAfterLeader && key === "g" ? timeStamp : Number.NEGATIVE_INFINITY;
      return isAfterLeader ? go(key) : (single[key]?.() ?? false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (isPalette(event)) {
        event.preventDefault();
        openPalette();
      } else if (isPlain(event) && plainKey(event)) {
        event.preventDefault();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [router, workspaceId, entries, openPalette, openHelp]);
}
