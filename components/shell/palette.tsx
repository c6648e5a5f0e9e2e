"use client";

import { Command } from "cmdk";
import { type ReactNode, useEffect, useRef } from "react";
import { Kbd } from "#components/ui/kbd.tsx";

type Props = { placeholder: string; onClose: () => void; onSearch?: (text: string) => void; children: ReactNode };

/** The dialog that Ctrl K opens: a field, and what it finds. */
export function Palette({ placeholder, onClose, onSearch, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    element?.querySelector("input")?.focus();
    return () => {
      element?.close();
      // The dialog is out of the document by now: the browser would leave the focus nowhere.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label="Search or jump to"
      onCancel={onClose}
      onMouseDown={(event) => event.target === event.currentTarget && onClose()}
      className="appear mx-auto mt-[12dvh] mb-auto w-[calc(100vw-2rem)] max-w-dialog overflow-hidden rounded-sheet border border-line bg-surface p-0 text-text shadow-float"
    >
      <Command label="Search or jump to" loop>
        <Command.Input
          placeholder={placeholder}
          {...(onSearch && { onValueChange: onSearch })}
          className="h-12 w-full border-b border-line bg-transparent px-4 text-body outline-none"
        />
        <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-ui text-text-soft">Nothing matches.</Command.Empty>
          {children}
        </Command.List>
      </Command>
    </dialog>
  );
}

export function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-text-faint"
    >
      {children}
    </Command.Group>
  );
}

type EntryProps = { children: ReactNode; onSelect: () => void; keys?: readonly string[]; value?: string };

export function PaletteEntry({ children, onSelect, keys = [], value }: EntryProps) {
  return (
    <Command.Item
      onSelect={onSelect}
      {...(value && { value })}
      className="flex h-8 items-center justify-between gap-3 rounded-control px-2.5 text-ui data-[selected=true]:bg-sunken"
    >
      <span className="truncate">{children}</span>
      <span className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </span>
    </Command.Item>
  );
}
