import { KeyRound } from "lucide-react";
import { KeyLimits } from "#components/limits/key-limits.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { keyStandings } from "#lib/domain/limits/queries.ts";
import { dayWords, mayLimitKey, resetsAt } from "#lib/domain/limits/rules.ts";
import { saveKeyLimit } from "./actions.ts";

/** Limits of single keys. Refusals of a key lead to `#key`, letters to `#keys`. */
export async function KeySection({ ctx }: { ctx: Context }) {
  const keys = (await keyStandings(ctx)).filter(({ state }) => state === "active" || state === "expiring");
  const base = `/${ctx.workspaceId}/keys`;
  return (
    <section id="keys" aria-labelledby="key" className="flex scroll-mt-20 flex-col gap-3">
      <div>
        <h2 id="key" className="scroll-mt-20 text-body font-semibold">
          Keys
        </h2>
        <p className="max-w-[64ch] text-ui text-text-soft">
          A key can have a limit of its own, by month or for its whole life. Of all limits on its way, the one that
          leaves least stops a request.
        </p>
      </div>
      {keys.length === 0 ? (
        <EmptyState
          icon={KeyRound}
          title="No keys to limit yet"
          action={
            can(ctx.actor, "keys.write") ? <LinkButton href={`${base}?create=1`}>Create a key</LinkButton> : undefined
          }
        >
          A key can be given a limit when it is made, and at any time after.
        </EmptyState>
      ) : (
        <KeyLimits
          keys={keys.map((key) => ({
            ...key,
            href: can(ctx.actor, "keys.read") ? `${base}/${key.id}#limits` : null,
            mayChange: mayLimitKey(ctx.actor.permissions, ctx.actor.id, key.ownerId),
          }))}
          save={saveKeyLimit}
          resets={dayWords(resetsAt(ctx.now))}
        />
      )}
    </section>
  );
}
