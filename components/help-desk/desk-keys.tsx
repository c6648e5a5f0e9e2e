"use client";

import { useEffect } from "react";
import { isPlain } from "#components/shell/use-shortcuts.ts";

/** Goes to the next row of the list, or the one before; the focused row opens with Enter. */
function step(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('th[scope="row"] a[href]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? rows[by === 1 ? 0 : rows.length - 1] : rows[at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

/** What a key stands for on this page: a button is pressed, a field is entered. */
function press(key: string): boolean {
  const place = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  const found = place?.querySelector<HTMLElement>("textarea, select, input:not([type=hidden]), button, a[href]");
  found?.focus();
  if (found?.matches("button, a")) found.click();
  return Boolean(found);
}

function enterSearch(): boolean {
  const field = document.querySelector<HTMLElement>('[data-shortcut="filter"]');
  field?.focus();
  return field !== null;
}

const single: Readonly<Record<string, () => boolean>> = {
  j: () => step(1),
  k: () => step(-1),
  "/": enterSearch,
};

/** Escape leaves a field, so that letters mean something again. A dialog has its own Escape. */
function leave({ key, target, defaultPrevented }: KeyboardEvent): boolean {
  const isLeft =
    key === "Escape" &&
    !defaultPrevented &&
    target instanceof HTMLElement &&
    target.matches("input, textarea, select") &&
    !target.closest("dialog");
  if (isLeft) target.blur();
  return isLeft;
}

/** Whether a key meant something here. */
const isDone = (key: string): boolean => single[key]?.() ?? (/^[a-z]$/.test(key) && press(key));

/** A day at the desk without a mouse: `j` and `k` go through a list, `/` searches, letters do what the page marks. */
export function DeskKeys() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (leave(event) || (isPlain(event) && isDone(event.key))) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return null;
}
