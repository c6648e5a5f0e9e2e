import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { registry } from "./registry.ts";

/** Runs a job now, in this process, as the schedule would. */
export async function runJob(ctx: AccountContext, name: string, payload: unknown): Promise<void> {
  authorize(ctx.actor, "system.operate");
  const job = registry.find((candidate) => candidate.name === name);
  if (!job)
    throw new AppError(
      "not_found",
      `There is no job ${name}. There are: ${registry.map((known) => known.name).join(", ")}.`,
    );
  await job.perform(payload);
}
