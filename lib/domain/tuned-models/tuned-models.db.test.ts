import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes, dayOf } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { keepBlob } from "#lib/domain/files/blobs/commands.ts";
import { receiveBytes } from "#lib/domain/files/contents/commands.ts";
import { setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { tunedModel } from "#lib/testing/tuned-model.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { setTunedModelSharing } from "./commands.ts";
import { tunedModelOf, tunedModelsOf, tunedReachOf } from "./queries.ts";
import { executeTransfer, fetchTransferred, revokeTransfer, signTransfer } from "./transfer/commands.ts";
import { deskTransfers, transfersOf } from "./transfer/queries.ts";

const { db, sql } = await testDatabase();
let ctx: Context;
// Whatever is done to it, a clock runs for what is open, to its date, and for nothing else (contract 32).
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));
beforeEach(async () => {
  ctx = await testWorkspace(db);
});

const weights = Buffer.from("the weights of a customer's model");

/** A model whose weights are kept here. */
async function withWeights(): Promise<string> {
  const { id } = await tunedModel(ctx);
  const blobId = await keepBlob(ctx, await receiveBytes(ctx, [weights]));
  await db.update(tunedModels).set({ blobId, upstreamModel: null, kind: "embedded" }).where(eq(tunedModels.id, id));
  return id;
}

const desk = (minutes = 0): AccountContext => {
  const staff = staffAt("models", addMinutes(ctx.now, minutes));
  return { ...staff, db };
};
const asked = (model: string, change = {}) =>
  ({ model, distributor: "Acme Models", until: dayOf(addDays(ctx.now, 7)), confirm: "yes", ...change }) as const;

async function bytesOf(at: AccountContext, named: { organization: Id<"organization">; transfer: Id<"modelTransfer"> }) {
  const { pieces } = await fetchTransferred(at, named);
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

test("T-4.2.3-CONF: weights are given away on a signed directive alone, once, by who carries it out, and the customer sees it", async () => {
  const model = await withWeights();
  const transfer = await signTransfer(ctx, asked(model));
  const named = { organization: ctx.organizationId, transfer };
  await expect(fetchTransferred(desk(), named)).rejects.toMatchObject({ problem: "not_found" });
  expect((await deskTransfers(desk())).map(({ id }) => id)).toContain(transfer);
  const by = desk();
  await executeTransfer(by, named);
  expect(await bytesOf(by, named)).toEqual(weights);
  const other = { ...desk(), actor: { ...desk().actor, id: "usr_other" as Id<"user"> } } as AccountContext;
  await expect(fetchTransferred(other, named)).rejects.toMatchObject({ problem: "not_found" });
  const later = { ...by, now: addMinutes(ctx.now, 61) };
  await expect(fetchTransferred(later, named)).rejects.toMatchObject({ problem: "not_found" });
  await expect(executeTransfer(by, named)).rejects.toMatchObject({ problem: "conflict" });
  await expect(revokeTransfer(ctx, { transfer })).rejects.toMatchObject({ problem: "conflict" });
  const actions =
    await sql`select action from audit_events where organization_id = ${ctx.organizationId} and object_id = ${model} order by sequence`;
  expect(actions.map(({ action }) => action)).toEqual(["model.sign-transfer", "model.execute-transfer"]);
});

test("T-4.2.3-CONF: a directive that was revoked, or whose last day is over, gives nothing away", async () => {
  const model = await withWeights();
  const revoked = await signTransfer(ctx, asked(model));
  await revokeTransfer(ctx, { transfer: revoked });
  const expiring = await signTransfer(ctx, asked(model, { until: dayOf(ctx.now) }));
  const tomorrow = desk(24 * 60);
  for (const transfer of [revoked, expiring])
    await expect(executeTransfer(tomorrow, { organization: ctx.organizationId, transfer })).rejects.toMatchObject({
      problem: "conflict",
    });
  await expect(signTransfer(ctx, asked(model, { until: "2001-01-01" }))).rejects.toMatchObject({ problem: "invalid" });
  const { id: elsewhere } = await tunedModel(ctx);
  await expect(signTransfer(ctx, asked(elsewhere))).rejects.toMatchObject({ problem: "conflict" });
  expect(await transfersOf(ctx, model)).toHaveLength(2);
});

test("T-4.3-SHARE3, fine-tuning 14: a tuned model is shared by the same rule as agents, and before it is, it is said who gets it", async () => {
  const { id } = await tunedModel(ctx);
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  expect((await tunedModelsOf(colleague)).map((model) => model.id)).toEqual([id]);
  const restricted = { visibility: "restricted" as const, grants: [] };
  expect((await tunedReachOf(ctx, id, restricted)).lost).toHaveLength(1);
  await setTunedModelSharing(ctx, { model: id, ...restricted });
  expect(await tunedModelsOf(colleague)).toEqual([]);
  await expect(tunedModelOf(colleague, id)).rejects.toMatchObject({ problem: "not_found" });
  const grant = { subjectKind: "user" as const, subjectId: colleague.actor.id as Id<"user">, level: "edit" as const };
  await setTunedModelSharing(ctx, { model: id, visibility: "restricted", grants: [grant] });
  expect([...(await tunedModelOf(colleague, id)).rights].toSorted()).toEqual(["edit", "see", "use"]);
  await expect(tunedModelOf(colleague, id, "manage")).rejects.toMatchObject({ problem: "forbidden" });
});

test("T-4.2.3-CONF: the tuned models of a person who does not build there any more go to an admin", async () => {
  const tuner = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const { id } = await tunedModel(tuner);
  await setWorkspaceRoles(ctx, tuner.actor.id as Id<"user">, ["observability_viewer"]);
  expect((await tunedModelOf(ctx, id)).ownerId).toBe(ctx.actor.id);
});
