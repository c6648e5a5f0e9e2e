import { Paperclip } from "lucide-react";
import { AnswerText } from "#components/chat/answer-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Time } from "#components/ui/time.tsx";
import { isPicture, sizeWords } from "#lib/core/sent-files.ts";
import type { SentFile } from "#lib/domain/help/files/view.ts";
import type { Message } from "#lib/domain/help/view.ts";

type Props = {
  messages: readonly Message[];
  /** The address of the ticket, which its files are under. */
  base: string;
  now: Date;
};

const eventWords: Record<NonNullable<Message["event"]>, string> = {
  resolved: "resolved the ticket",
  reopened: "opened the ticket again",
  closed: "closed the ticket: it was resolved 14 days ago",
  person_added: "added a person",
};

/** What was written on a ticket, oldest first, as its customer and staff read it. */
export const Thread = ({ messages, base, now }: Props) => (
  <ol className="flex flex-col gap-3" aria-label="Messages">
    {messages.map((message) =>
      message.event ? (
        <li key={message.id} className="px-3.5 text-meta text-text-faint">
          {message.event === "closed" ? "We" : message.authorName} {eventWords[message.event]} ·{" "}
          <Time at={message.at} now={now} />
        </li>
      ) : (
        <li key={message.id} className="rounded-card border border-line bg-canvas px-3.5 py-2.5 text-ui">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-text-soft">
            <span className="font-medium text-text">{message.authorName}</span>
            {message.from === "staff" ? (
              <Badge plain tone="warn">
                Staff
              </Badge>
            ) : null}
            <Time at={message.at} now={now} />
          </p>
          <div className="mt-1 flex max-w-[72ch] flex-col gap-2 break-words">
            <AnswerText text={message.body} />
          </div>
          {message.files.length > 0 ? <Files files={message.files} base={base} /> : null}
        </li>
      ),
    )}
  </ol>
);

const Files = ({ files, base }: { files: readonly SentFile[]; base: string }) => (
  <ul aria-label="Files of this message" className="mt-2 flex flex-wrap gap-x-4 gap-y-2">
    {files.map(({ id, name, size, kind }) => (
      <li key={id} className="flex min-w-0 flex-col gap-1">
        {isPicture(kind) ? (
          // biome-ignore lint/performance/noImgElement: a private file of a ticket is served as it is, to this reader alone
          <img
            src={`${base}/files/${id}`}
            alt=""
            loading="lazy"
            className="max-h-40 max-w-full rounded-control border border-line"
          />
        ) : null}
        <span className="flex min-w-0 items-center gap-1.5">
          <Paperclip aria-hidden="true" className="size-3.5 shrink-0 text-text-faint" />
          <a
            href={`${base}/files/${id}`}
            download
            className="min-w-0 rounded-control break-words text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
          >
            {name}
          </a>
          <span className="tabular shrink-0 text-text-faint">{sizeWords(size)}</span>
        </span>
      </li>
    ))}
  </ul>
);
