import type { ComponentProps, ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import type { PageHeader } from "#components/ui/page-header.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { StoredFile } from "#lib/domain/files/view.ts";
import { grouped, kindWords, sizeWords, stateWords } from "./file-words.ts";

export type FileTab = "preview" | "problems" | "statistics" | "use";

type Props = { file: StoredFile; base: string; current: FileTab; action?: ReactNode };

/** The heading of a file's pages: what it is, and its parts. */
export function fileHeading({ file, base, current, action }: Props): ComponentProps<typeof PageHeader> {
  const { tone, words } = stateWords(file);
  const lines = file.lines === null ? "" : `${grouped(file.lines)} ${file.lines === 1 ? "line" : "lines"}, `;
  const tab = (name: FileTab, label: string) => ({
    href: name === "preview" ? base : `${base}/${name}`,
    label,
    current: current === name,
  });
  return {
    title: <span className="break-all">{file.name}</span>,
    badge: <Badge tone={tone}>{words}</Badge>,
    description: `${kindWords[file.sampleType]}: ${lines}${sizeWords(file.bytes)}.`,
    action,
    tabs: (
      <div>
        <Segments
          label="Parts of the file"
          segments={[
            tab("preview", "Preview"),
            tab("problems", file.problems > 0 ? `Problems (${grouped(file.problems)})` : "Problems"),
            tab("statistics", "Statistics"),
            tab("use", "Used by"),
          ]}
        />
      </div>
    ),
  };
}
