import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { beginEnding } from "#lib/domain/agreements/commands.ts";
import { causeInput } from "#lib/domain/ending/input.ts";

/** T-6-OTHER: ends an agreement for cause, on either side's account, at once or on a date; the customer reads the words. */
export const endForCause = command({
  can: "system.operate",
  within: "organization",
  input: causeInput,
  run: async (ctx, { by, words, at = ctx.now }): Promise<{ endsAt: Date }> =>
    transaction(ctx, async (ctx) => {
      if (at < ctx.now)
        throw new AppError("invalid", "An agreement cannot end in the past. Leave the date out to end it now.");
      await beginEnding(ctx, { kind: `cause_${by}`, endsAt: at, words });
      return { endsAt: at };
    }),
});
