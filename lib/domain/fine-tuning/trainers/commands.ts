import { and, eq, isNull } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { trainers, tuningClaims, tuningJobs } from "#db/schema/tuning.ts";
import { ends, newSecret } from "#lib/core/api-keys/secret.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import type { Claim } from "#lib/domain/fine-tuning/claims/view.ts";

export type NewTrainer = { id: Id<"trainer">; token: string };

/** Lets a worker elsewhere fetch trainings of some base models. Its token is shown once, here. */
export const createTrainer = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { name, models }: { name: string; models: string[] }): Promise<NewTrainer> => {
    const id = newId("trainer", ctx.now);
    const token = newSecret("cpw");
    const tokenEnd = ends(token).last4;
    await ctx.db
      .insert(trainers)
      .values({ id, name, models, tokenHash: keyedHash(token), tokenEnd, createdAt: ctx.now });
    return { id, token };
  },
});

/** Ends a worker's token on the next request. What it trains goes on with another once its turn is over. */
export const revokeTrainer = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { id }: { id: Id<"trainer"> }): Promise<void> => {
    const done = await ctx.db
      .update(trainers)
      .set({ revokedAt: ctx.now })
      .where(and(eq(trainers.id, id), isNull(trainers.revokedAt)))
      .returning({ id: trainers.id });
    if (done.length === 0) throw new AppError("not_found", "There is no such trainer, or it is revoked already.");
  },
});

export type Trainer = { id: Id<"trainer">; models: string[] };

/** The worker behind a token; null where the token is none, or is revoked. */
export const trainerBehind = part(async (ctx: AccountContext, token: string): Promise<Trainer | null> => {
  const [found] = await ctx.db
    .select({ id: trainers.id, models: trainers.models, seenAt: trainers.seenAt })
    .from(trainers)
    .where(and(eq(trainers.tokenHash, keyedHash(token)), isNull(trainers.revokedAt)));
  if (!found) return null;
  if (found.seenAt === null || addMinutes(found.seenAt, 1) < ctx.now)
    await ctx.db.update(trainers).set({ seenAt: ctx.now }).where(eq(trainers.id, found.id));
  return { id: found.id, models: found.models };
});

/** A claim that is a worker's own and has not ended: of all others it learns nothing. */
export const claimOf = part(async (ctx: AccountContext, trainer: Trainer, id: string): Promise<Claim> => {
  const [found] = await ctx.db
    .select({ claim: tuningClaims, workspaceId: tuningJobs.workspaceId })
    .from(tuningClaims)
    .innerJoin(
      tuningJobs,
      and(eq(tuningJobs.organizationId, tuningClaims.organizationId), eq(tuningJobs.id, tuningClaims.jobId)),
    )
    .where(and(eq(tuningClaims.id, id as Id<"tuningClaim">), eq(tuningClaims.trainerId, trainer.id)));
  if (!found) throw new AppError("not_found", "There is no such claim of this trainer.", { code: "claim_not_found" });
  const { claim, workspaceId } = found;
  return { ...claim, workspaceId, upstream: claim.upstream ?? {} };
});
