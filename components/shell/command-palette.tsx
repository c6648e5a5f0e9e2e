"use client";

import { usePathname, useRouter } from "next/navigation";
import { useState } from "react";
import { copyText } from "#components/ui/copy-text.ts";
import { keepAppearance } from "./appearance.ts";
import { type NavEntry, sectionOf } from "./navigation.ts";
import { Palette, PaletteEntry, PaletteGroup } from "./palette.tsx";
import type { Places } from "./places.ts";
import { useDocumentationHits } from "./use-documentation-hits.ts";

type Props = {
  places: Places;
  entries: readonly NavEntry[];
  mayCreateKeys: boolean;
  onClose: () => void;
  onHelp: () => void;
};

/** Ctrl K: type a few letters of where to go or what to do. */
export function CommandPalette(props: Props) {
  const [typed, setTyped] = useState("");
  return (
    <Palette placeholder="Where to, or what to do?" onClose={props.onClose} onSearch={setTyped}>
      <Entries {...props} typed={typed.trim()} />
    </Palette>
  );
}

function Entries({ places, entries, mayCreateKeys, onClose, onHelp, typed }: Props & { typed: string }) {
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
      <PaletteGroup heading="Go to">
        {entries.map((entry) => (
          <PaletteEntry key={entry.section} keys={["g", entry.letter]} onSelect={go(`${base}/${entry.section}`)}>
            {entry.label}
          </PaletteEntry>
        ))}
        <PaletteEntry onSelect={go(`${base}/help`)}>Help</PaletteEntry>
        <PaletteEntry onSelect={go("/account")}>Account</PaletteEntry>
        <PaletteEntry onSelect={go("/docs")}>Documentation</PaletteEntry>
      </PaletteGroup>
      {typed !== "" && entries.some((entry) => entry.section === "files") ? (
        <PaletteGroup heading="Find">
          <PaletteEntry value={`${typed} files`} onSelect={go(`${base}/files?q=${encodeURIComponent(typed)}`)}>
            Files named “{typed}”
          </PaletteEntry>
        </PaletteGroup>
      ) : null}
      {typed === "" ? null : <DocumentationHits typed={typed} go={go} />}
      <PaletteGroup heading="Do">
        {mayCreateKeys ? <PaletteEntry onSelect={go(`${base}/keys?create=1`)}>Create key…</PaletteEntry> : null}
        <CopyEntry text={places.workspace.id} />
        <PaletteEntry onSelect={after(() => keepAppearance("theme", "light"))}>Light theme</PaletteEntry>
        <PaletteEntry onSelect={after(() => keepAppearance("theme", "dark"))}>Dark theme</PaletteEntry>
        <PaletteEntry onSelect={after(() => keepAppearance("theme", "system"))}>Theme as the system</PaletteEntry>
        <PaletteEntry keys={["?"]} onSelect={onHelp}>
          Keyboard shortcuts
        </PaletteEntry>
      </PaletteGroup>
      <PaletteGroup heading="Switch workspace">
        {elsewhere(places).map(({ id, name }) => (
          <PaletteEntry key={id} value={`${name} ${id}`} onSelect={go(`/${id}/${section}`)}>
            {name}
          </PaletteEntry>
        ))}
      </PaletteGroup>
    </>
  );
}

/** What the documentation has about what is typed; the words stand in the value, so that what was found stays in sight. */
function DocumentationHits({ typed, go }: { typed: string; go: (href: string) => () => void }) {
  const hits = useDocumentationHits(typed);
  return (
    <PaletteGroup heading="Documentation">
      {hits.map(({ href, title, heading }) => (
        <PaletteEntry key={href} value={`${typed} ${href}`} onSelect={go(href)}>
          {heading ? `${title}: ${heading}` : title}
        </PaletteEntry>
      ))}
      <PaletteEntry value={`${typed} documentation`} onSelect={go(`/docs/search?q=${encodeURIComponent(typed)}`)}>
        Search the documentation for “{typed}”
      </PaletteEntry>
    </PaletteGroup>
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
    <PaletteEntry value="Copy workspace id" onSelect={() => void copy()}>
      <span role="status">{words}</span>
    </PaletteEntry>
  );
}
