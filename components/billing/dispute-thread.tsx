import { Badge } from "#components/ui/badge.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DisputeDetail } from "#lib/domain/billing/disputes/view.ts";

/** What was written about a dispute, oldest first. */
export function Thread({ messages, now }: { messages: DisputeDetail["messages"]; now: Date }) {
  if (messages.length === 0) return <p className="text-ui text-text-soft">Nothing was written yet.</p>;
  return (
    <ol className="flex flex-col gap-3">
      {messages.map(({ id, from, authorName, body, at }) => (
        <li key={id} className="rounded-card border border-line bg-canvas px-3.5 py-2.5 text-ui">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-text-soft">
            <span className="font-medium text-text">{authorName}</span>
            {from === "staff" ? <Badge plain>Staff</Badge> : null}
            <Time at={at} now={now} />
          </p>
          <p className="mt-1 break-words whitespace-pre-line">{body}</p>
        </li>
      ))}
    </ol>
  );
}
