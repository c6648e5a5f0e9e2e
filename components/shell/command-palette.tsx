"use client";

import { Command } from "cmdk";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { copyText } from "#components/ui/copy-text.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { keepAppearance } from "./appearance.ts";
import { type NavEntry, sectionOf } from "./navigation.ts";
import type { Places } from "./places.ts";

type Props = {
  places: Places;
  entries: readonly NavEntry[];
  mayCreateKeys: boolean;
  onClose: () => void;
  onHelp: () => void;
};

/** Ctrl K: type a few letters of where to go or what to do. */
export function CommandPalette(props: Props) {
  const { onClose } = props;
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
          placeholder="Where to, or what to do?"
          className="h-12 w-full border-b border-line bg-transparent px-4 text-body outline-none"
        />
        <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-ui text-text-soft">Nothing matches.</Command.Empty>
          <Entries {...props} />
        </Command.List>
      </Command>
    </dialog>
  );
}

function Entries({ places, entries, mayCreateKeys, onClose, onHelp }: Props) {
  const router = useRouter();
  const section = sectionOf(usePathname());
  const base = `/${places.workspace.id}`;
  const after = (work: () => void) => () => {
    onClose();
    work();
  };
  const go = (href: string) => after(() => router.push(href));
  return (
    <>
      <Group heading="Go to">
        {entries.map((entry) => (
          <Entry key={entry.section} keys={["g", entry.letter]} onSelect={go(`${base}/${entry.section}`)}>
            {entry.label}
          </Entry>
        ))}
        <Entry onSelect={go(`${base}/help`)}>Help</Entry>
        <Entry onSelect={go("/account")}>Account</Entry>
      </Group>
      <Group heading="Do">
        {mayCreateKeys ? <Entry onSelect={go(`${base}/keys?create=1`)}>Create key…</Entry> : null}
        <CopyEntry text={places.workspace.id} />
        <Entry onSelect={after(() => keepAppearance("theme", "light"))}>Light theme</Entry>
        <Entry onSelect={after(() => keepAppearance("theme", "dark"))}>Dark theme</Entry>
        <Entry onSelect={after(() => keepAppearance("theme", "system"))}>Theme as the system</Entry>
        <Entry keys={["?"]} onSelect={onHelp}>
          Keyboard shortcuts
        </Entry>
      </Group>
      <Group heading="Switch workspace">
        {elsewhere(places).map(({ id, name }) => (
          <Entry key={id} value={`${name} ${id}`} onSelect={go(`/${id}/${section}`)}>
            {name}
          </Entry>
        ))}
      </Group>
    </>
  );
}

/** Every other workspace, named with its organization. */
const elsewhere = ({ organization, otherOrganizations, workspace: here }: Places) =>
  [organization, ...otherOrganizations].flatMap(({ name, workspaces }) =>
    workspaces
      .filter((workspace) => workspace.id !== here.id)
      .map((workspace) => ({ id: workspace.id, name: `${name} / ${workspace.name}` })),
  );

/** Stays open, so that it can say whether it worked. */
function CopyEntry({ text }: { text: string }) {
  const [words, setWords] = useState("Copy workspace id");
  const copy = async () => setWords((await copyText(text)) ? "Workspace id copied" : `Copying was refused: ${text}`);
  return (
    <Entry value="Copy workspace id" onSelect={() => void copy()}>
      <span role="status">{words}</span>
    </Entry>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
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

function Entry({ children, onSelect, keys = [], value }: EntryProps) {
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
