"use client";

import { Lock } from "lucide-react";
import { type KeyboardEvent, useId, useRef } from "react";
import { buttonLook } from "./button-look.ts";

type Props = {
  /** What the control would do: "Create key". */
  label: string;
  /** Why it does not, and who can change that. */
  reason: string;
  size?: "small" | "normal";
};

const gap = 6;

/** A control a person may not use: it stays where it is, can be focused, and says why and who can help. */
export function Denied({ label, reason, size = "normal" }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const show = () => {
    if (!button.current || !tip.current || isShown(tip.current)) return;
    tip.current.showPopover();
    place(button.current, tip.current);
  };
  const hide = () => {
    if (tip.current && isShown(tip.current)) tip.current.hidePopover();
  };
  const dismiss = ({ key }: KeyboardEvent) => key === "Escape" && hide();
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-disabled="true"
        aria-describedby={id}
        onFocus={show}
        onBlur={hide}
        onMouseEnter={show}
        onMouseLeave={hide}
        onKeyDown={dismiss}
        className={buttonLook({ size })}
      >
        <Lock aria-hidden="true" className="size-3.5 text-text-faint" />
        {label}
      </button>
      <div
        ref={tip}
        id={id}
        role="tooltip"
        popover="manual"
        className="pointer-events-none fixed inset-auto m-0 max-w-72 rounded-control border border-line bg-surface px-2.5 py-1.5 text-left text-meta font-normal whitespace-normal text-text shadow-float"
      >
        {reason}
      </div>
    </>
  );
}

const isShown = (tip: HTMLElement): boolean => tip.matches(":popover-open");

/** Under the button, or over it where there is no room; never off the screen, nor cut off by what the button stands in. */
function place(button: HTMLElement, tip: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const below = anchor.bottom + gap;
  const top = below + height > window.innerHeight ? anchor.top - height - gap : below;
  tip.style.left = `${Math.max(gap, Math.min(anchor.left, window.innerWidth - width - gap))}px`;
  tip.style.top = `${Math.max(gap, top)}px`;
}
