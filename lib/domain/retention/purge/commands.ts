import { part } from "#lib/core/command.ts";
import { type AccountContext, isInTransaction } from "#lib/core/context.ts";
import { Fault } from "#lib/core/errors.ts";
import { purgedClasses, type RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import { destroyScopeKeys, removeScopeKeys } from "#lib/domain/retention/keyring/commands.ts";
import { countRows, measure, remove } from "#lib/domain/retention/stores/commands.ts";
import type { Measure, Scope } from "#lib/domain/retention/stores/view.ts";
import { dropTraces } from "#lib/domain/retention/traces/commands.ts";

/** What went of one class, counted before, and what a count afterwards found: nothing, or the purge would have failed. */
export type Purged = Measure & { class: RetentionClassName; recount: 0 };

/**
 * Removes everything of the classes that zero retention forbids (T-4.2.2.2-ZDR3), or of those that are named, from a scope.
 * Safe to call again after a failure. Statements commit by themselves, in batches, so that no one waits for it.
 */
export const purgeScope = part(
  async (
    ctx: AccountContext,
    scope: Scope,
    classes: readonly RetentionClassName[] = purgedClasses,
  ): Promise<Purged[]> => {
    const isLast = ["system", "job"].includes(ctx.actor.kind) && !isInTransaction(ctx);
    const purged: Purged[] = [];
    for (const name of classes) {
      const before = await measure(ctx, name, scope);
      await remove(ctx, name, scope);
      if ((await countRows(ctx, name, scope)) > 0) throw new Fault("A purge left something behind.");
      purged.push({ class: name, ...before, recount: 0 });
    }
    if (classes.includes("content-log")) {
      // A person has no reach to the keyring; their copies lose their keys at night.
      if (isLast) await destroyScopeKeys(ctx, [scope]);
      else await removeScopeKeys(ctx, scope);
    }
    if (isLast) await dropTraces(ctx);
    return purged;
  },
);
