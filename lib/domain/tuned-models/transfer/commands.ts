import { and, eq } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { blobs } from "#db/schema/files.ts";
import { members } from "#db/schema/organizations.ts";
import { modelTransfers, tunedModels } from "#db/schema/tuned-models.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { dayOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, type Context, inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { openStored } from "#lib/core/keyring/stored.ts";
import { cancelDeadline, meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";
import { tunedModelHere, tunedModelOf } from "#lib/domain/tuned-models/queries.ts";
import { deskTransferInput, signTransferInput, transferInput } from "./input.ts";
import { mayFetch, transferEnds, transferState } from "./rules.ts";

const clause = "T-4.2.3-CONF";

/** Directs us to give a tuned model to a distributor. Without such a directive its weights are given to nobody. */
export const signTransfer = command({
  can: "transfers.sign",
  within: "workspace",
  input: signTransferInput,
  stepUp: "model.transfer",
  run: (ctx, { model: modelId, distributor, until }): Promise<Id<"modelTransfer">> =>
    transaction(ctx, async (ctx) => {
      await tunedModelOf(ctx, modelId, "manage");
      if (until < dayOf(ctx.now)) {
        const message = "This day is over. Choose a later one.";
        throw new AppError("invalid", message, { fields: { until: [message] } });
      }
      await refuseWithoutWeights(ctx, modelId);
      const { organizationId, now: signedAt } = ctx;
      const id = newId("modelTransfer", signedAt);
      const signedBy = personOf(ctx.actor).id;
      await ctx.db
        .insert(modelTransfers)
        .values({ organizationId, id, modelId, distributor, until, signedBy, signedAt });
      const subject = { kind: "transfer", id } as const;
      await openDeadline(ctx, { clock: "directive.expiry", subject, dueAt: transferEnds(until) });
      const object = { type: "model", id: modelId } as const;
      await writeAudit(ctx, {
        action: "model.sign-transfer",
        object,
        after: { transfer: id, distributor, until },
        clause,
      });
      return id;
    }),
});

async function refuseWithoutWeights(ctx: Context, modelId: string): Promise<void> {
  const [model] = await ctx.db
    .select({ blobId: tunedModels.blobId })
    .from(tunedModels)
    .where(tunedModelHere(ctx, modelId));
  if (model?.blobId) return;
  throw new AppError(
    "conflict",
    "The weights of this model are at the server that trained it, so they are not ours to give.",
  );
}

/** Takes a directive back before it is carried out. */
export const revokeTransfer = command({
  can: "transfers.sign",
  within: "workspace",
  input: transferInput,
  run: (ctx, { transfer: id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const its = and(eq(modelTransfers.organizationId, ctx.organizationId), eq(modelTransfers.id, id));
      const [found] = await ctx.db.select().from(modelTransfers).where(its).for("update");
      if (!found) throw new AppError("not_found", "There is no such transfer.");
      if (found.revokedAt || found.executedAt)
        throw new AppError("conflict", "This transfer was carried out or revoked already.");
      await ctx.db.update(modelTransfers).set({ revokedAt: ctx.now }).where(its);
      await cancelDeadline(ctx, "directive.expiry", id);
      const object = { type: "model", id: found.modelId } as const;
      await writeAudit(ctx, { action: "model.revoke-transfer", object, before: { transfer: id }, clause });
    }),
});

/** Carries a directive out, once: from now on the person who did can fetch the weights for an hour. */
export const executeTransfer = command({
  can: "transfers.decide",
  within: "account",
  input: deskTransferInput,
  stepUp: "model.transfer",
  run: (ctx, { organization, transfer: id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const person = personOf(ctx.actor);
      const inside = inOrganization(ctx, organization);
      const own = and(eq(members.organizationId, organization), eq(members.userId, person.id));
      if ((await ctx.db.$count(members, own)) > 0)
        throw new AppError("forbidden", "You are a member of this customer, so another person carries this out.");
      const its = and(eq(modelTransfers.organizationId, organization), eq(modelTransfers.id, id));
      const [found] = await ctx.db.select().from(modelTransfers).where(its).for("update");
      if (!found) throw new AppError("not_found", "There is no such transfer.");
      if (transferState(found, ctx.now) !== "open")
        throw new AppError(
          "conflict",
          "This transfer is not open any more: it was revoked, carried out, or its time is over.",
        );
      await ctx.db.update(modelTransfers).set({ executedAt: ctx.now, executedBy: person.id }).where(its);
      await meetDeadline(inside, "directive.expiry", id);
      await writeAudit(inside, {
        action: "model.execute-transfer",
        object: { type: "model", id: found.modelId },
        after: { transfer: id, distributor: found.distributor },
        clause,
      });
    }),
});

export type Weights = { name: string; bytes: number; pieces: AsyncIterable<Buffer> };

/** The weights of a model whose transfer this person has carried out a moment ago. */
export const fetchTransferred = command({
  can: "transfers.decide",
  within: "account",
  input: deskTransferInput,
  run: async (ctx: AccountContext, { organization, transfer: id }): Promise<Weights> => {
    const [found] = await ctx.db
      .select({ transfer: modelTransfers, id: blobs.id, bytes: blobs.bytes, key: blobs.key })
      .from(modelTransfers)
      .innerJoin(
        tunedModels,
        and(eq(tunedModels.organizationId, modelTransfers.organizationId), eq(tunedModels.id, modelTransfers.modelId)),
      )
      .innerJoin(blobs, and(eq(blobs.organizationId, tunedModels.organizationId), eq(blobs.id, tunedModels.blobId)))
      .where(and(eq(modelTransfers.organizationId, organization), eq(modelTransfers.id, id)));
    const isTheirs = found?.transfer.executedBy === personOf(ctx.actor).id;
    if (!found?.key || !isTheirs || !mayFetch(found.transfer.executedAt, ctx.now))
      throw new AppError(
        "not_found",
        "There is nothing to fetch: carry the transfer out first, and fetch within the hour.",
      );
    const { id: label, key: wrapped, bytes, transfer } = found;
    const pieces = await openStored({ place: blobPlace(organization, label), label, wrapped, bytes });
    return { name: `${transfer.modelId.replaceAll(/[^\w.-]/g, "-")}.weights`, bytes, pieces };
  },
});
