"use client";

import { X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useId, useRef } from "react";
import { classes } from "./classes.ts";
import { IconButton } from "./icon-button.tsx";

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  size?: "normal" | "wide";
  /** Escape and outside clicks do nothing: only the dialog's own buttons close it. */
  locked?: boolean;
};

/** A native modal: the browser traps the focus and gives it back when it closes. */
export function Dialog({ open, onClose, title, description, children, size = "normal", locked = false }: Props) {
  const dialog = useModal(open);
  const titleId = useId();
  if (!open) return null;
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!locked) onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget && !locked) onClose();
      }}
      onKeyDown={(event) => {
        // Chrome closes a dialog on the second Escape even when the first was prevented.
        if (event.key === "Escape" && locked) event.preventDefault();
      }}
      className={classes(
        "appear m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-y-auto rounded-sheet border border-line bg-surface p-0 text-text shadow-float",
        size === "wide" ? "max-w-form" : "max-w-dialog",
      )}
    >
      <div className="flex items-start justify-between gap-4 px-5 pt-4">
        <div className="min-w-0">
          <h2 id={titleId} className="text-section font-semibold">
            {title}
          </h2>
          {description ? <div className="mt-0.5 text-ui text-text-soft">{description}</div> : null}
        </div>
        {locked ? null : (
          <IconButton label="Close" onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <div className="px-5 pt-4 pb-5">{children}</div>
    </dialog>
  );
}

/** Opens the element while `open`, and gives the focus back to where it came from afterwards. */
function useModal(open: boolean): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element || !open) return;
    const opener = document.activeElement;
    if (!element.open) element.showModal();
    firstFocus(element)?.focus();
    return () => {
      element.close();
      // A menu that opened the dialog has closed since: the browser would leave the focus nowhere.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [open]);
  return dialog;
}

/** What is marked, else the first field; the browser would take the button that closes. */
const firstFocus = (dialog: HTMLDialogElement): HTMLElement | null =>
  dialog.querySelector<HTMLElement>("[data-first-focus]") ??
  dialog.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
