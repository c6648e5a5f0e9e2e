import { relativeWords } from "#components/ui/time-words.ts";
import { formatCount } from "#components/usage/measures.ts";
import type { KeyView } from "#lib/domain/keys/view.ts";

/** What ending a key does, in numbers. */
export function KeyEffect({ view, now }: { view: KeyView; now: Date }) {
  const used = view.lastUsedAt ? `It was used ${relativeWords(view.lastUsedAt, now)}` : "It was never used";
  const calls = view.callsToday === 1 ? "1 call" : `${formatCount(view.callsToday)} calls`;
  return (
    <p className="text-ui">
      {used}; {calls} today. Calls with it fail at once, and this cannot be undone.
    </p>
  );
}
