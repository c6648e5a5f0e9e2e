import type { Id } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { curvesOf, logOf } from "#lib/domain/fine-tuning/curves/queries.ts";
import { lossSparks, tuningModels } from "#lib/domain/fine-tuning/listing/queries.ts";
import { forecastOf, jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { Operation } from "./operations.ts";

/** Done with a job of the workspace. */
const reading = (run: (ctx: Context, id: Id<"tuningJob">) => Promise<unknown>): Operation => ({
  can: "fine-tuning.read",
  within: "workspace",
  run: (ctx, { tuningJob }) => run(ctx, tuningJob),
});

/** What people and programs do with fine-tuning jobs. */
export const tuning: Record<string, Operation> = {
  jobOf: reading(jobOf),
  forecastOf: reading(async (ctx, id) => forecastOf(ctx, await jobOf(ctx, id))),
  curvesOf: { ...reading(curvesOf), isQuiet: true },
  logOf: { ...reading(logOf), can: "files.read", isQuiet: true },
  lossSparks: { ...reading((ctx, id) => lossSparks(ctx, [id])), isQuiet: true },
  tuningModels: { can: "fine-tuning.read", run: (ctx) => tuningModels(ctx) },
};
