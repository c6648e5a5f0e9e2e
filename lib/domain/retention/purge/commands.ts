import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { Fault } from "#lib/core/errors.ts";
import { purgedClasses, type RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import { measure, remove } from "#lib/domain/retention/stores/commands.ts";
import type { Measure, Scope } from "#lib/domain/retention/stores/view.ts";

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
    const purged: Purged[] = [];
    for (const name of classes) {
      const before = await measure(ctx, name, scope);
      await remove(ctx, name, scope);
      const { items, bytes } = await measure(ctx, name, scope);
      if (items !== 0 || bytes !== 0) throw new Fault("A purge left something behind.");
      purged.push({ class: name, ...before, recount: 0 });
    }
    return purged;
  },
);
