"use client";

import { FormHidden } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { pageLines } from "#lib/domain/assistance/rules.ts";
import type { Named, ReadPage } from "#lib/domain/assistance/view.ts";

type Props = {
  hidden: Readonly<Record<string, string>>;
  files: readonly Named[];
  read: Action<ReadPage>;
};

/** Reads a file a page at a time; the text is in no address and is gone with the page. */
export function ReadFile({ hidden, files, read }: Props) {
  const [result, submit] = useAction(read);
  const page = result?.ok ? result.data : undefined;
  return (
    <div className="flex flex-col gap-4">
      <form action={submit} className="flex flex-wrap items-end gap-3">
        <FormHidden values={hidden} />
        <input type="hidden" name="from" value="0" />
        <SelectField label="File" name="fileId" options={files.map(({ id, name }) => ({ value: id, label: name }))} />
        <div className="mb-5.5">
          <SubmitButton>Read from the start</SubmitButton>
        </div>
      </form>
      <FormMessage result={result} />
      {page ? (
        <>
          <PageLines page={page} />
          <form action={submit} className="flex flex-wrap items-center gap-3">
            <FormHidden values={hidden} />
            <input type="hidden" name="fileId" value={page.fileId} />
            <Turn page={page} />
          </form>
        </>
      ) : null}
    </div>
  );
}

function Turn({ page: { from, lines, total, linesLeft } }: { page: ReadPage }) {
  const next = from + lines.length;
  return (
    <>
      {from > 0 ? (
        <SubmitButton emphasis="secondary" name="from" value={String(Math.max(0, from - pageLines))}>
          Previous page
        </SubmitButton>
      ) : null}
      {next < total ? (
        <SubmitButton emphasis="secondary" name="from" value={String(next)}>
          Next page
        </SubmitButton>
      ) : null}
      <p role="status" className="text-meta text-text-faint">
        Lines {from + 1}–{next} of {total.toLocaleString("en-GB")}. {linesLeft} more this hour.
      </p>
    </>
  );
}

const PageLines = ({ page }: { page: ReadPage }) => (
  <ol aria-label="Lines" className="rounded-control border border-line bg-canvas p-3 font-mono text-meta">
    {page.lines.map(({ number, text, isCut }) => (
      <li key={number} className="flex gap-3">
        <span aria-hidden="true" className="tabular w-12 shrink-0 text-right text-text-faint select-none">
          {number + 1}
        </span>
        <span className="min-w-0 break-words whitespace-pre-wrap">
          {text}
          {isCut ? <span className="text-text-faint"> … cut off</span> : null}
        </span>
      </li>
    ))}
  </ol>
);
