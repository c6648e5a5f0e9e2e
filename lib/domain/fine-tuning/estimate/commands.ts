import { sql } from "drizzle-orm";
import type { TrainerKind } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { lineOf } from "#lib/domain/fine-tuning/line/commands.ts";
import { orderOf } from "#lib/domain/fine-tuning/line/rules.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { secondsFor } from "./rules.ts";

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
