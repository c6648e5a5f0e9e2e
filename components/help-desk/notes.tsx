import { Time } from "#components/ui/time.tsx";
import type { Note } from "#lib/domain/help/desk/view.ts";

/** What colleagues wrote to each other. */
export const Notes = ({ notes, now }: { notes: readonly Note[]; now: Date }) => (
  <ol className="flex flex-col gap-3" aria-label="Notes">
    {notes.map(({ id, authorName, body, at }) => (
      <li key={id} className="rounded-card border border-line bg-warn-soft px-3.5 py-2.5 text-ui">
        <p className="flex flex-wrap gap-x-2 text-text-soft">
          <span className="font-medium text-text">{authorName}</span> <Time at={at} now={now} />
        </p>
        <p className="mt-1 max-w-[72ch] break-words whitespace-pre-line">{body}</p>
      </li>
    ))}
  </ol>
);
