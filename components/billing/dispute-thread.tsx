import { Paperclip } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Time } from "#components/ui/time.tsx";
import { sizeWords } from "#lib/core/sent-files.ts";
import type { DisputeDetail, Message } from "#lib/domain/billing/disputes/view.ts";

type Props = {
  messages: DisputeDetail["messages"];
  /** The address of the dispute, which its files are under. */
  base: string;
  now: Date;
};

/** What was written about a dispute, oldest first, as its customer and staff read it. */
export function Thread({ messages, base, now }: Props) {
  if (messages.length === 0) return <p className="text-ui text-text-soft">Nothing was written yet.</p>;
  return (
    <ol className="flex flex-col gap-3">
      {messages.map(({ id, from, authorName, body, at, files }) => (
        <li key={id} className="rounded-card border border-line bg-canvas px-3.5 py-2.5 text-ui">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-text-soft">
            <span className="font-medium text-text">{authorName}</span>
            {from === "staff" ? (
              <Badge plain tone="warn">
                Staff
              </Badge>
            ) : null}
            <Time at={at} now={now} />
          </p>
          <p className="mt-1 max-w-[72ch] break-words whitespace-pre-line">{body}</p>
          {files.length > 0 ? <Files files={files} base={base} /> : null}
        </li>
      ))}
    </ol>
  );
}

const Files = ({ files, base }: { files: Message["files"]; base: string }) => (
  <ul aria-label="Files of this message" className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
    {files.map(({ id, name, size }) => (
      <li key={id} className="flex min-w-0 items-center gap-1.5">
        <Paperclip aria-hidden="true" className="size-3.5 shrink-0 text-text-faint" />
        <a
          href={`${base}/files/${id}`}
          download
          className="min-w-0 rounded-control break-words text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
        >
          {name}
        </a>
        <span className="tabular shrink-0 text-text-faint">{sizeWords(size)}</span>
      </li>
    ))}
  </ul>
);
