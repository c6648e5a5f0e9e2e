import { type Id, newId } from "#db/id.ts";
import { modelTrials } from "#db/schema/models.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { costOf, type Price, pico, type Tokens } from "#lib/core/money.ts";
import { keepTrialInput } from "./input.ts";
import { trialPage } from "./queries.ts";

/**
 * T-4.2.1-DISC4: keeps how a person judged the replacement's answers. The answers themselves were ordinary requests, which the
 * log keeps as it keeps any; here are counts alone, so they may stay when the content is gone.
 */
export const keepTrial = command({
  can: "models.trial",
  within: "workspace",
  input: keepTrialInput,
  run: async (ctx, { model, judged }): Promise<Id<"modelTrial">> => {
    const { current, replacement } = (await trialPage(ctx, model)) ?? {};
    if (!current?.price || !replacement?.price)
      throw new AppError("conflict", "This model does not end, or one of the two cannot be asked here.");
    const { organizationId, workspaceId } = ctx;
    const count = (verdict: string) => judged.filter((one) => one.verdict === verdict).length;
    const sum = (of: (one: (typeof judged)[number]) => number) => judged.reduce((all, one) => all + of(one), 0);
    const cost = (side: "current" | "replacement", price: Price) =>
      pico(judged.reduce((all, one) => all + costOf(one[side] satisfies Tokens, price), 0n));
    const id = newId("modelTrial", ctx.now);
    const counts = { better: count("better"), same: count("same"), worse: count("worse") };
    const costs = {
      costPico: cost("current", current.price),
      replacementCostPico: cost("replacement", replacement.price),
    };
    await transaction(ctx, async (ctx) => {
      await ctx.db.insert(modelTrials).values({
        ...{ organizationId, id, workspaceId, modelId: model, replacement: replacement.id, ...counts, ...costs },
        ms: sum((one) => one.current.ms),
        replacementMs: sum((one) => one.replacement.ms),
        createdBy: ctx.actor.id,
        createdAt: ctx.now,
      });
      await writeAudit(ctx, {
        action: "model.try",
        object: { type: "model", id: model },
        after: { replacement: replacement.id, ...counts },
        clause: "T-4.2.1-DISC4",
      });
    });
    return id;
  },
});
