"use client";

import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { type DragEvent, useId, useRef, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import type { Action } from "#lib/core/action-result.ts";
import { Resumable, type UploadPurpose, type UploadState } from "./resumable.ts";
import { UploadRow } from "./upload-row.tsx";

type Row = { key: number; name: string; bytes: number; upload: Resumable; state: UploadState };

type Props = {
  base: string;
  /** Gives a ticket for one file. */
  ticket: Action<string>;
  purpose?: UploadPurpose;
};

/** Where files are dropped or chosen, and how far each of them is. */
export function UploadPanel({ base, ticket, purpose = "fine-tune" }: Props) {
  const router = useRouter();
  const [rows, setRows] = useState<readonly Row[]>([]);
  const count = useRef(0);

  const begin = (file: File): void => {
    count.current += 1;
    const key = count.current;
    const tell = (state: UploadState): void => {
      setRows((before) => before.map((row) => (row.key === key ? { ...row, state } : row)));
      if (state.phase === "done") router.refresh();
    };
    const upload = new Resumable(file, ticket, tell, purpose);
    const state: UploadState = { phase: "sending", sent: 0, problems: 0 };
    setRows((before) => [{ key, name: file.name, bytes: file.size, upload, state }, ...before]);
    void upload.run();
  };
  const remove = (row: Row): void => {
    void row.upload.cancel();
    setRows((before) => before.filter(({ key }) => key !== row.key));
  };
  return (
    <div className="flex flex-col gap-3">
      <DropZone onFile={begin} />
      {rows.length > 0 ? (
        <ul
          aria-label="Uploads"
          className="flex flex-col divide-y divide-line rounded-card border border-line bg-surface"
        >
          {rows.map((row) => (
            <UploadRow
              key={row.key}
              name={row.name}
              bytes={row.bytes}
              state={row.state}
              base={base}
              onPause={() => row.upload.pause()}
              onGoOn={() => void row.upload.run()}
              onRemove={() => remove(row)}
            />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [isOver, setOver] = useState(false);
  const field = useId();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    for (const file of event.dataTransfer.files) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside does the same by keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        "flex flex-wrap items-center justify-center gap-x-3 gap-y-1 rounded-card border border-dashed px-4 py-5 text-ui",
        isOver ? "border-accent bg-sunken" : "border-line",
      )}
    >
      <Upload aria-hidden="true" className="size-4 text-text-faint" />
      <label
        htmlFor={field}
        className="cursor-pointer rounded-small font-medium text-accent underline underline-offset-2 focus-within:outline-2"
      >
        Choose files
        <input
          id={field}
          type="file"
          accept=".jsonl"
          multiple
          className="sr-only"
          onChange={(event) => {
            for (const file of event.target.files ?? []) onFile(file);
            event.target.value = "";
          }}
        />
      </label>
      <span className="text-text-soft">
        or drop them here: JSON Lines, up to 512 MiB. They are checked as they arrive.
      </span>
    </div>
  );
}
