import { sql } from "drizzle-orm";
import type { TrainerKind } from "#db/schema/tuning.ts";
import { command, part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { chosenFiles } from "#lib/domain/fine-tuning/creating/commands.ts";
import { frozen, notTunable, trainerOf } from "#lib/domain/fine-tuning/creating/rules.ts";
import { dataSetsOf } from "#lib/domain/fine-tuning/data/commands.ts";
import { createJobInput } from "#lib/domain/fine-tuning/input.ts";
import { lineOf } from "#lib/domain/fine-tuning/line/commands.ts";
import { orderOf } from "#lib/domain/fine-tuning/line/rules.ts";
import { priceOn, quoteOf } from "#lib/domain/fine-tuning/money/rules.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { planNow, refuseEnded, tunableModel } from "#lib/domain/fine-tuning/starting/commands.ts";
import type { JobEstimate } from "#lib/domain/fine-tuning/view.ts";
import { trainedThere } from "#lib/engine/config.ts";
import { measureExtent } from "#lib/engine/training/extent.ts";
import { glanceAt, scaled, secondsFor } from "./rules.ts";

type Sized = { model: string; trainerKind: TrainerKind; tokens: number };

/** How long training so many tokens takes, by the last jobs of the model. */
export const durationOf = part(async (ctx: AccountContext, { model, trainerKind, tokens }: Sized): Promise<number> => {
  const [row] = await ctx.db.execute<{ rate: number | null }>(sql`select tuning_rate(${model}) as rate`);
  return secondsFor(tokens, trainerKind, row?.rate ?? null);
});

/** When a job may begin: after those before it in line, in the order that trainers take them. Without one: behind all. */
export const startOf = part(
  async (ctx: AccountContext, kind: TrainerKind, job?: Pick<Job, "id" | "model">): Promise<Date> => {
    const order = orderOf(await lineOf(ctx, kind, null));
    const at = job ? order.findIndex(({ ref }) => ref.id === job.id) : order.length;
    const before = order.slice(0, Math.max(0, at));
    const seconds = before.reduce((sum, { tokens }) => sum + secondsFor(tokens, kind, null), 0);
    return new Date(ctx.now.getTime() + seconds * 1000);
  },
);

/** What a job would take and cost, without making one. Large data is read in part, and the figures are scaled up. */
export const estimateJob = command({
  can: "fine-tuning.write",
  within: "workspace",
  input: createJobInput,
  run: async (ctx, input): Promise<JobEstimate> => {
    await refuseEnded(ctx, input.model);
    const model = await tunableModel(ctx, input.model);
    if (!model) throw notTunable();
    const { organizationId } = ctx;
    const { training: trainingFiles, validation: validationFiles } = await chosenFiles(ctx, input);
    const { training, validation } = dataSetsOf(ctx, { organizationId, trainingFiles, validationFiles });
    const glances = training.map(glanceAt);
    const factor = Math.max(1, ...glances.map((glance) => glance.factor));
    const trainerKind = trainerOf(model, trainedThere(env().UPSTREAMS));
    const hyperparameters = frozen(input.hyperparameters, trainerKind);
    const measured = await measureExtent({
      training: glances.map(({ set }) => set),
      validation: validation.map((set) => glanceAt(set).set),
      hyperparameters,
      seed: input.hyperparameters.random_seed ?? 0,
      skipShare: input.invalid_sample_skip_percentage,
      baseModel: model.upstreamModel,
    });
    const extent = scaled(measured, factor, hyperparameters);
    return {
      costPico: quoteOf(extent, priceOn(await planNow(ctx, ctx), model.tuning)),
      trainTokens: extent.trainTokens,
      trainTokensPerStep: extent.steps > 0 ? Math.round(extent.trainTokens / extent.steps) : 0,
      dataTokens: extent.dataTokens,
      steps: extent.steps,
      epochs: extent.epochs,
      seconds: await durationOf(ctx, { model: model.id, trainerKind, tokens: extent.trainTokens }),
      startsAt: await startOf(ctx, trainerKind),
      isScaled: factor > 1,
    };
  },
});
