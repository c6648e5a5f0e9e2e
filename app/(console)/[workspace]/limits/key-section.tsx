import { KeyRound } from "lucide-react";
import { KeyLimits } from "#components/limits/key-limits.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { KeyLimitFilter } from "#lib/domain/limits/input.ts";
import { keyStandingPage } from "#lib/domain/limits/listing/queries.ts";
import { dayWords, mayLimitKey, resetsAt } from "#lib/domain/limits/rules.ts";
import type { KeyStanding } from "#lib/domain/limits/view.ts";
import { saveKeyLimit } from "./actions.ts";
import { isFree } from "./free-plan.tsx";

/** Limits of single keys. Refusals of a key lead to `#key`, letters to `#keys`. */
export async function KeySection({ ctx, asked }: { ctx: Context; asked: KeyLimitFilter }) {
  const page = await keyStandingPage(ctx, asked);
  const isAsked = Object.values(asked).some((value) => value !== undefined);
  if (!isAsked && !page.rows.some(hasLimit) && (await isFree(ctx))) return null;
  const keys = `/${ctx.workspaceId}/keys`;
  return (
    <section id="keys" aria-labelledby="key" className="flex scroll-mt-20 flex-col gap-3">
      <div>
        <h2 id="key" className="scroll-mt-20 text-body font-semibold">
          Keys
        </h2>
        <p className="max-w-[64ch] text-ui text-text-soft">
          A key can have a limit of its own, by month or for its whole life. A request must fit within every limit above
          it: key, workspace and organization.
        </p>
      </div>
      <KeyLimits
        keys={page.rows.map((key) => ({
          ...key,
          href: can(ctx.actor, "keys.read") ? `${keys}/${key.id}#limits` : null,
          mayChange: mayLimitKey(ctx.actor.permissions, ctx.actor.id, key.ownerId),
        }))}
        range={page}
        asked={asked}
        base={`/${ctx.workspaceId}/limits`}
        save={saveKeyLimit}
        resets={dayWords(resetsAt(ctx.now))}
        empty={
          <EmptyState
            icon={KeyRound}
            title="No keys to limit yet"
            action={
              can(ctx.actor, "keys.write") ? <LinkButton href={`${keys}?create=1`}>Create a key</LinkButton> : undefined
            }
          >
            A key can be given a limit when it is made, and at any time after.
          </EmptyState>
        }
      />
    </section>
  );
}

const hasLimit = ({ month, lifetime }: KeyStanding): boolean => month.limitPico !== null || lifetime.limitPico !== null;
