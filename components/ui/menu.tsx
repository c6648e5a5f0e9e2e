"use client";

import { type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useRef } from "react";
import { classes } from "./classes.ts";

type Props = {
  /** The button's accessible name; omit when its content says it. */
  label?: string;
  trigger: ReactNode;
  /** Links and buttons; each closes the menu. */
  children: ReactNode;
  triggerLook?: "row" | "icon" | "wide";
  align?: "left" | "right";
  width?: "trigger" | "menu" | "wide";
};

const triggers = {
  row: "size-7 justify-center rounded-control text-text-soft hover:bg-sunken hover:text-text [&_svg]:size-4",
  icon: "size-8 justify-center rounded-control border border-line bg-surface text-text-soft hover:bg-sunken hover:text-text [&_svg]:size-4",
  wide: "w-full gap-2.5 rounded-control px-2 py-1.5 text-left hover:bg-line/50",
} as const;

const gap = 4;

/** A native popover that is a list of things to do or places to go; arrows move, Escape closes and returns the focus. */
export function Menu({ label, trigger, children, triggerLook = "icon", align = "left", width = "menu" }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const place = (event: ToggleEvent<HTMLDivElement>) => {
    if (event.newState !== "open" || !button.current || !list.current) return;
    position(button.current, list.current, align);
    focusables(list.current)[0]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        aria-haspopup="true"
        className={classes("flex min-w-0 items-center transition-colors duration-150", triggers[triggerLook])}
      >
        {trigger}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys only move the focus among the entries */}
      <div
        ref={list}
        id={id}
        popover="auto"
        onToggle={place}
        onKeyDown={moveFocus}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest("a, button")) list.current?.hidePopover();
        }}
        className={classes(
          "fixed inset-auto m-0 max-h-[70dvh] overflow-y-auto rounded-card border border-line bg-surface p-1 text-text shadow-float",
          width === "wide" ? "w-72" : "min-w-48",
        )}
      >
        {children}
      </div>
    </>
  );
}

const focusables = (list: HTMLElement): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("input, a, button")];

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const entries = focusables(event.currentTarget);
  const from = entries.indexOf(document.activeElement as HTMLElement);
  entries[(from + step + entries.length) % entries.length]?.focus();
}

/** Under the button, or over it where there is no room; never off the screen. */
function position(button: HTMLElement, list: HTMLElement, align: "left" | "right"): void {
  const anchor = button.getBoundingClientRect();
  const box = list.getBoundingClientRect();
  const wanted = align === "left" ? anchor.left : anchor.right - box.width;
  const left = Math.max(gap, Math.min(wanted, window.innerWidth - box.width - gap));
  const below = anchor.bottom + gap;
  const top = below + box.height > window.innerHeight ? Math.max(gap, anchor.top - box.height - gap) : below;
  list.style.left = `${left}px`;
  list.style.top = `${top}px`;
}
