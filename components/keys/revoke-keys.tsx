"use client";

import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { BulkBar } from "#components/ui/list/bulk-bar.tsx";
import { useTicks } from "#components/ui/list/use-ticks.ts";
import { relativeWords } from "#components/ui/time-words.ts";
import { formatCount } from "#components/usage/measures.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { KeyView } from "#lib/domain/keys/view.ts";

/** What of a key tells what ending it does. */
export type RevocableKey = Pick<KeyView, "id" | "name" | "callsToday" | "lastUsedAt">;

type Props = { list: string; keys: readonly RevocableKey[]; now: Date; revoke: Action<void> };

/** Ends the keys that are ticked, after saying in numbers what that stops. */
export function RevokeKeys({ list, keys, now, revoke }: Props) {
  const { ids, clear } = useTicks(list, keys);
  const chosen = keys.filter(({ id }) => ids.includes(id));
  const verb = chosen.length === 1 ? "Revoke key" : `Revoke ${chosen.length} keys`;
  return (
    <BulkBar count={chosen.length} onClear={clear}>
      <ConfirmDialog
        trigger={verb}
        triggerLook={{ size: "small", tone: "bad" }}
        title={verb}
        confirm={verb}
        action={revoke}
      >
        {chosen.map(({ id }) => (
          <input key={id} type="hidden" name="ids" value={id} />
        ))}
        <p className="text-ui">{effectWords(chosen, now)}</p>
        <ul className="max-h-40 list-disc overflow-y-auto pl-5 text-ui text-text-soft">
          {chosen.map(({ id, name, callsToday }) => (
            <li key={id} className="break-words">
              {name}
              {callsToday > 0 ? `, ${formatCount(callsToday)} calls today` : ""}
            </li>
          ))}
        </ul>
      </ConfirmDialog>
    </BulkBar>
  );
}

function effectWords(keys: readonly RevocableKey[], now: Date): string {
  const calls = keys.reduce((sum, { callsToday }) => sum + callsToday, 0);
  const used = keys.flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt] : []));
  const last = used.toSorted((a, b) => Number(b) - Number(a))[0];
  const use = last ? `Last used ${relativeWords(last, now)}` : "Never used";
  const which = keys.length === 1 ? "this key" : `these ${keys.length} keys`;
  return `${use}; ${formatCount(calls)} ${calls === 1 ? "call" : "calls"} today. Calls with ${which} fail at once, and this cannot be undone.`;
}
