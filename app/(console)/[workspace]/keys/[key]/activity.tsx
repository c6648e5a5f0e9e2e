import { KeyCallers } from "#components/keys/key-callers.tsx";
import { SinceForm } from "#components/keys/since-form.tsx";
import { RequestTable } from "#components/requests/request-list.tsx";
import { Time } from "#components/ui/time.tsx";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { callersOf, key as keyOf } from "#lib/domain/keys/queries.ts";
import { isEnded, type KeyView } from "#lib/domain/keys/view.ts";
import { requestsOfKeySince } from "#lib/domain/request-log/queries.ts";

const shownDays = 7;
const mostCalls = 200;

type Props = { ctx: Context; view: KeyView };

/** Who uses the key; after a rotation, who still uses the old one. */
export async function Callers({ ctx, view }: Props) {
  const successor = view.successorId && !isEnded(view) ? await keyOf(ctx, view.successorId) : undefined;
  const since = successor?.createdAt ?? addDays(ctx.now, -shownDays);
  const callers = await callersOf(ctx, view.id, since);
  return (
    <section aria-labelledby="callers" className="flex flex-col gap-3">
      <div>
        <h2 id="callers" className="text-body font-semibold">
          {successor ? "Still using the old key" : "Used by"}
        </h2>
        <p className="text-ui text-text-soft">
          {successor ? (
            <>
              Calls since the rotation. This key ends{" "}
              {view.expiresAt ? <Time at={view.expiresAt} now={ctx.now} /> : null}.
            </>
          ) : (
            `Calls of the last ${shownDays} days.`
          )}
        </p>
      </div>
      {callers.length > 0 ? (
        <KeyCallers callers={callers} now={ctx.now} />
      ) : (
        <p className="rounded-card border border-dashed border-line px-4 py-5 text-center text-ui text-text-soft">
          {successor
            ? "Nobody has used the old key since the rotation. It can be revoked."
            : "Nobody has used this key in these days."}
        </p>
      )}
    </section>
  );
}

/** The calls made with a key since a chosen moment: what a leak may have been used for. */
export async function Calls({ ctx, view, asked }: Props & { asked: string | undefined }) {
  const since = momentOf(asked) ?? addDays(ctx.now, view.revokedReason === "leaked" ? -shownDays : -1);
  const calls = await requestsOfKeySince(ctx, view.id, since);
  return (
    <section aria-labelledby="calls" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="calls" className="text-body font-semibold">
          Calls made with this key
        </h2>
        <SinceForm action={`/${ctx.workspaceId}/keys/${view.id}`} since={since} />
      </div>
      {calls.length > 0 ? (
        <RequestTable
          requests={calls}
          base={`/${ctx.workspaceId}/logs`}
          footer={<p className="text-ui text-text-soft">{countWords(calls.length)}</p>}
        />
      ) : (
        <p className="rounded-card border border-dashed border-line px-4 py-5 text-center text-ui text-text-soft">
          No calls since then.
        </p>
      )}
    </section>
  );
}

function countWords(calls: number): string {
  if (calls === mostCalls) return `The latest ${mostCalls} calls; choose a later moment or filter the log for more.`;
  return calls === 1 ? "1 call" : `${calls} calls`;
}

/** `datetime-local` has no zone; the form says UTC. */
function momentOf(asked: string | undefined): Date | undefined {
  if (!asked || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(asked)) return undefined;
  const at = new Date(`${asked}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
