"use client";

import { type ChangeEvent, use, useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ResultContext } from "#components/ui/form-fields.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { TextField } from "#components/ui/text-field.tsx";
import { tooMuch } from "#lib/core/file-limits.ts";
import { sizeWords } from "#lib/core/sent-files.ts";
import { accepted, limitWords, messageLimits } from "#lib/domain/help/files/rules.ts";
import type { SentFile } from "#lib/domain/help/files/view.ts";

/** Sends one file; tells what became of it, or why it was refused. */
async function send(upload: string, file: File): Promise<SentFile | string> {
  try {
    const answer = await fetch(upload, {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(file.name) },
      body: file,
    });
    return answer.ok ? ((await answer.json()) as SentFile) : await answer.text();
  } catch {
    return `${file.name} could not be sent. Check the connection and choose it again.`;
  }
}

/** The files of a message: each is sent as soon as it is chosen, and the form names them. */
export function MessageFiles({ upload }: { upload: string }) {
  const result = use(ResultContext);
  const [files, setFiles] = useState<readonly SentFile[]>([]);
  const [problem, setProblem] = useState<string>();
  const [isSending, setSending] = useState(false);
  const seen = useRef(result);
  // A message that was taken has its files; the next one begins without any.
  useEffect(() => {
    if (result?.ok && seen.current !== result) setFiles([]);
    seen.current = result;
  }, [result]);
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(target.files ?? [])];
    const wrong = tooMuch([...files, ...chosen], messageLimits);
    setProblem(wrong && `${wrong} Choose again.`);
    target.value = "";
    if (wrong) return;
    setSending(true);
    for (const file of chosen) {
      const sent = await send(upload, file);
      if (typeof sent === "string") setProblem(sent);
      else setFiles((before) => [...before, sent]);
    }
    setSending(false);
  };
  const error = problem ?? errorOf(result, "files");
  return (
    <div className="flex flex-col gap-1">
      <TextField
        label="Files"
        name="choose"
        type="file"
        multiple
        accept={accepted}
        hint="optional"
        help={isSending ? "Sending…" : limitWords}
        error={error}
        onChange={(event) => void choose(event)}
      />
      <noscript>
        <p className="text-meta text-text-soft">Files can be sent with scripts only.</p>
      </noscript>
      <ul aria-label="Files that go with the message" aria-live="polite" className="flex flex-col gap-1 text-ui">
        {files.map(({ id, name, size }) => (
          <li key={id} className="flex items-center gap-2">
            <input type="hidden" name="files" value={id} />
            <span className="min-w-0 break-words">{name}</span>
            <span className="tabular text-text-faint">{sizeWords(size)}</span>
            <Button
              size="small"
              emphasis="quiet"
              aria-label={`Remove ${name}`}
              onClick={() => setFiles((before) => before.filter((file) => file.id !== id))}
            >
              Remove
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
