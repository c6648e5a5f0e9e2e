import { type Asked, asId } from "#app/doors/workspace-page.tsx";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { tunedModelsOf } from "#lib/domain/tuned-models/queries.ts";
import type { TunedModelView } from "#lib/domain/tuned-models/view.ts";

/** The tuned model of an address, which names the job that made it: ids of models have signs that addresses mangle. */
export async function loadTunedModel(ctx: Context, { params }: Asked): Promise<TunedModelView> {
  const [model] = await tunedModelsOf(ctx, { job: asId("tuningJob", params.job) });
  if (!model) throw new AppError("not_found", "There is no such tuned model here.");
  return model;
}
