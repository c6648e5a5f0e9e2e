import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { AnyPgColumn, PgUpdateSetSource } from "drizzle-orm/pg-core";
import { type Id, uuidOf } from "#db/id.ts";
import { tunedModelGrants, tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints, tuningJobs } from "#db/schema/tuning.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { dayOf } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { lockOrganization } from "#lib/domain/organizations/commands.ts";
import { refuseStrangers, refuseWithoutSharing } from "#lib/domain/sharing/rules.ts";
import { adapterPrefix, isOurAdapter } from "#lib/engine/adapters/names.ts";
import { deploying } from "./deploying/input.ts";
import { checkpointInput, renameInput, tunedModelInput, tunedSharingInput } from "./input.ts";
import { tunedModelHere, tunedModelOf, tunedSharingOf } from "./queries.ts";
import { tunedModelId } from "./rules.ts";
import { type TunedModelView, titleOf } from "./view.ts";

type Job = { organizationId: Id<"organization">; id: Id<"tuningJob">; workspaceId: Id<"workspace"> };

type Made = {
  step: number;
  /** What the server that trained it calls it, and the upstream that this is. */
  upstreamModel?: string | undefined;
  upstream?: string | undefined;
};

/**
 * Makes the model of a job that succeeded, from one of its checkpoints, and says its id. Part of the transaction that ends the
 * job; a job that was told of twice has the model it has.
 */
export const makeTunedModel = part(
  async (
    ctx: AccountContext,
    { organizationId, id: jobId, workspaceId }: Job,
    { step, upstreamModel: there, upstream }: Made,
  ): Promise<string> => {
    const [job] = await ctx.db
      .select()
      .from(tuningJobs)
      .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, jobId)));
    if (!job) throw new Fault("A job that made a model is gone.");
    const { requestedModel: root, suffix, createdBy: ownerId, model, trainerKind: kind } = job;
    const place = sha256(workspaceId).slice(0, 8);
    const id = tunedModelId({ root, suffix, place, day: dayOf(ctx.now), job: uuidOf(jobId) });
    const blobId = await weightsOf(ctx, { organizationId, jobId, step });
    // Only the embedded engine answers by weights that we keep; any other server would answer as the base.
    const upstreamModel = there ?? null;
    const isServed = upstreamModel !== null || (kind === "embedded" && blobId !== null);
    await ctx.db
      .insert(tunedModels)
      .values({
        ...{ organizationId, id, workspaceId, ownerId, jobId, step, root, model, kind, blobId, upstreamModel },
        upstreams: upstream ? [upstream] : null,
        visibility: "workspace",
        state: isServed ? "active" : "not_served",
        createdAt: ctx.now,
        updatedAt: ctx.now,
      })
      .onConflictDoNothing();
    if (!isServed) await enqueue(ctx, deploying, {}, { key: "now" });
    return id;
  },
);

type Checkpoint = { organizationId: Id<"organization">; jobId: Id<"tuningJob">; step: number };

async function weightsOf(ctx: AccountContext, { organizationId, jobId, step }: Checkpoint): Promise<Id<"blob"> | null> {
  const [found] = await ctx.db
    .select({ blobId: tuningCheckpoints.blobId })
    .from(tuningCheckpoints)
    .where(
      and(
        eq(tuningCheckpoints.organizationId, organizationId),
        eq(tuningCheckpoints.jobId, jobId),
        eq(tuningCheckpoints.step, step),
      ),
    );
  return found?.blobId ?? null;
}

const change = (ctx: Context, id: string, set: PgUpdateSetSource<typeof tunedModels>) =>
  ctx.db
    .update(tunedModels)
    .set({ ...set, updatedAt: ctx.now })
    .where(tunedModelHere(ctx, id));

/** Says what a tuned model is called beside its id, and what it is for. */
export const renameTunedModel = command({
  can: "tuned-models.write",
  within: "workspace",
  input: renameInput,
  run: (ctx, { model: id, name, description }): Promise<TunedModelView> =>
    transaction(ctx, async (ctx) => {
      await tunedModelOf(ctx, id, "edit");
      await change(ctx, id, { ...(name !== undefined && { name }), ...(description !== undefined && { description }) });
      // Names may quote what a model is for, so they are not in the log.
      await writeAudit(ctx, { action: "model.rename", object: { type: "model", id } });
      return tunedModelOf(ctx, id);
    }),
});

/** Servers drop an archived adapter, so a restored one answers once one of them has loaded it again. */
function setOf(state: "active" | "archived"): PgUpdateSetSource<typeof tunedModels> {
  if (state === "active") {
    const isUnloaded = sql`${tunedModels.kind} = 'pull' and ${tunedModels.upstreamModel} is null`;
    return { state: sql`case when ${isUnloaded} then 'not_served' else 'active' end` };
  }
  const kept = (column: AnyPgColumn) =>
    sql`case when starts_with(${tunedModels.upstreamModel}, ${adapterPrefix()}) then null else ${column} end`;
  return { state, upstreamModel: kept(tunedModels.upstreamModel), upstreams: kept(tunedModels.upstreams) };
}

async function tellState(ctx: Context, { id, kind }: TunedModelView, to: "active" | "archived"): Promise<void> {
  const action = to === "archived" ? "model.archive" : "model.restore";
  await writeAudit(ctx, { action, object: { type: "model", id }, clause: "T-4.2.3-2" });
  if (kind === "pull") await enqueue(ctx, deploying, {}, { key: "now" });
  if (to === "archived")
    await publishWebhookEvent(ctx, "model.archived", { model_id: id, workspace_id: ctx.workspaceId });
}

const setState =
  (from: "active" | "archived", to: "active" | "archived") =>
  (ctx: Context, { model: id }: { model: string }): Promise<TunedModelView> =>
    transaction(ctx, async (ctx) => {
      const model = await tunedModelOf(ctx, id, "manage");
      if (model.state === to) return model;
      if (model.state !== from) throw new AppError("conflict", "This tuned model is not served, so it stays as it is.");
      await change(ctx, id, setOf(to));
      await tellState(ctx, model, to);
      return tunedModelOf(ctx, id);
    });

/** Takes a tuned model out of use. It is kept, and its storage is billed, until it is restored or deleted. */
export const archiveTunedModel = command({
  can: "tuned-models.write",
  within: "workspace",
  input: tunedModelInput,
  run: setState("active", "archived"),
});

export const restoreTunedModel = command({
  can: "tuned-models.write",
  within: "workspace",
  input: tunedModelInput,
  run: setState("archived", "active"),
});

/** Whether its servers load what they are told to, and so can be told to load another checkpoint. */
async function isByDeployer(ctx: Context, id: string): Promise<boolean> {
  const [row] = await ctx.db
    .select({ name: tunedModels.upstreamModel })
    .from(tunedModels)
    .where(tunedModelHere(ctx, id));
  return row !== undefined && (row.name === null || isOurAdapter(row.name));
}

/** Has another checkpoint of its job answer, from the next request on, or once a server has loaded it. */
export const chooseCheckpoint = command({
  can: "tuned-models.write",
  within: "workspace",
  input: checkpointInput,
  run: (ctx, { model: id, step }): Promise<TunedModelView> =>
    transaction(ctx, async (ctx) => {
      const model = await tunedModelOf(ctx, id, "edit");
      if (model.kind === "pull" && !(await isByDeployer(ctx, id)))
        throw new AppError("conflict", "Its server has one checkpoint of this model. Ask Help for another one.");
      const { organizationId } = ctx;
      const { jobId } = model;
      const [found] = await ctx.db
        .select({ blobId: tuningCheckpoints.blobId })
        .from(tuningCheckpoints)
        .where(
          and(
            eq(tuningCheckpoints.organizationId, organizationId),
            eq(tuningCheckpoints.jobId, jobId),
            eq(tuningCheckpoints.step, step),
            isNotNull(tuningCheckpoints.blobId),
          ),
        )
        .for("share");
      if (!found) {
        const message = "The weights of this checkpoint are not kept. Choose the best one or one of the last two.";
        throw new AppError("invalid", message, { fields: { step: [message] } });
      }
      await change(ctx, id, { step, blobId: found.blobId });
      if (model.kind === "pull") await enqueue(ctx, deploying, {}, { key: "now" });
      const object = { type: "model", id } as const;
      await writeAudit(ctx, {
        action: "model.choose-checkpoint",
        object,
        before: { step: model.step },
        after: { step },
      });
      return { ...model, step };
    }),
});

/** Says who may use a tuned model beside its owner and the admins, by the same rule as agents (T-4.3-SHARE3). */
export const setTunedModelSharing = command({
  can: "tuned-models.write",
  within: "workspace",
  input: tunedSharingInput,
  run: (ctx, { model: id, visibility, grants }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      const before = await tunedSharingOf(ctx, id);
      refuseWithoutSharing("tuned models", before);
      refuseStrangers(before, { ...before.model, name: titleOf(before.model) }, grants);
      const { organizationId, now: createdAt } = ctx;
      const its = and(eq(tunedModelGrants.organizationId, organizationId), eq(tunedModelGrants.modelId, id));
      await change(ctx, id, { visibility });
      await ctx.db.delete(tunedModelGrants).where(its);
      const rows = grants.map((grant) => ({ organizationId, modelId: id, ...grant, createdAt }));
      if (rows.length > 0) await ctx.db.insert(tunedModelGrants).values(rows);
      const kept = before.grants.map(({ id: subject, level }) => [subject, level]);
      const given = grants.map(({ subjectId, level }) => [subjectId, level]);
      await writeAudit(ctx, {
        action: "model.share",
        object: { type: "model", id },
        before: { visibility: before.model.visibility, grants: Object.fromEntries(kept) },
        after: { visibility, grants: Object.fromEntries(given) },
        clause: "T-4.2.3-CONF",
      });
    }),
});
