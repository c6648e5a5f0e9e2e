import { and, eq, inArray } from "drizzle-orm";
import { batchJobs } from "#db/schema/batch.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, type Context, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { type Batch, type BatchRef, type Transition, transitions } from "#lib/domain/batch/rules.ts";

const its = ({ organizationId, id }: BatchRef) =>
  and(eq(batchJobs.organizationId, organizationId), eq(batchJobs.id, id));

/** A batch that nothing else changes until the transaction ends. */
export const lockBatch = part(async (ctx: AccountContext, ref: BatchRef): Promise<Batch> => {
  const [batch] = await ctx.db.select().from(batchJobs).where(its(ref)).for("update");
  if (!batch) throw new AppError("not_found", "There is no such batch.", { code: "batch_not_found" });
  return batch;
});

/** The place of a batch, for what is told and kept of it. */
export const placeOf = part(
  (ctx: AccountContext, { organizationId, workspaceId }: Pick<Batch, "organizationId" | "workspaceId">): Context =>
    inWorkspace(inOrganization(ctx, organizationId), workspaceId),
);

type Change = Partial<Omit<Batch, "organizationId" | "id" | "status">>;

/** The one place that writes a batch's status: in one statement, from the states the table of transitions has. */
export const transit = part(
  async (ctx: AccountContext, ref: BatchRef, transition: Transition, change: Change = {}): Promise<Batch> => {
    const { from, to } = transitions[transition];
    const [batch] = await ctx.db
      .update(batchJobs)
      .set({ ...change, status: to })
      .where(and(its(ref), inArray(batchJobs.status, [...from])))
      .returning();
    if (!batch)
      throw new AppError("conflict", "The batch is in another state by now. Look at it again.", {
        code: "batch_state",
      });
    return batch;
  },
);
