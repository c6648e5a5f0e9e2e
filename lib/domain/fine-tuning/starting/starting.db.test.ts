import { beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { receiveContent } from "#lib/domain/files/contents/commands.ts";
import { createJob, runJobAgain, startJob } from "#lib/domain/fine-tuning/commands.ts";
import { cancelUnstarted, eraseCredentials, markRunning, nextJob } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { validateJob } from "#lib/domain/fine-tuning/validation/commands.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { allMonths, claimed, dataSet, houseOf, jobAsked, readyJob, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql } = await testDatabase();
const model = "tiny-chat-1";
let ctx: Context;
beforeAll(async () => {
  await tunable(sql, model);
  await allMonths(houseOf(db, await testWorkspace(db)), sql);
});
beforeEach(async () => {
  await sql`delete from tuning_jobs`;
  ctx = await testWorkspace(db);
});

const house = (days = 0) => houseOf(db, ctx, addDays(ctx.now, days));

async function asked(change: object = {}): Promise<JobRef> {
  const { id } = await createJob(ctx, jobAsked(await dataSet(ctx), { model, auto_start: true, ...change }));
  return { organizationId: ctx.organizationId, id };
}
const names = async ({ id }: JobRef) => (await jobOf(ctx, id)).events.map(({ name }) => name);
const letters = async () => {
  const rows = await sql`select kind from letters where organization_id = ${ctx.organizationId} order by id`;
  return rows.map(({ kind }) => kind);
};

test("T-4.2.3-1: a job that may start by itself does so once its data is checked", async () => {
  const ref = await asked();
  await validateJob(house(), ref);
  expect((await jobOf(ctx, ref.id)).status).toBe("STARTED");
  // Another process that looks through the same data changes nothing.
  await validateJob(house(), ref);
  expect((await jobOf(ctx, ref.id)).status).toBe("STARTED");
});

test("fine-tuning 27: without room it stays checked, says so and writes once; a person starts it after the raise", async () => {
  await setWorkspaceLimit(ctx, { limit: pico(1n), alerts: [] });
  const ref = await asked();
  await validateJob(house(), ref);
  expect(await jobOf(ctx, ref.id)).toMatchObject({ status: "VALIDATED", waitsFor: "limit" });
  expect((await names(ref))[0]).toBe("waiting_for_limit");
  expect(await letters()).toEqual(["fine-tuning.waiting-for-limit"]);
  await setWorkspaceLimit(ctx, { limit: null, alerts: [] });
  expect(await startJob(ctx, { job: ref.id })).toMatchObject({ status: "STARTED", waitsFor: null });
});

test.each([
  [
    "lost the role",
    async (ctx: Context) =>
      sql`update workspace_members set roles = '{user}' where organization_id = ${ctx.organizationId}`,
  ],
  ["left", async (ctx: Context) => sql`delete from workspace_members where organization_id = ${ctx.organizationId}`],
  [
    "is suspended",
    async (ctx: Context) => sql`update organizations set status = 'suspended' where id = ${ctx.organizationId}`,
  ],
])("fine-tuning 25: a job whose maker %s meanwhile does not start by itself", async (_what, change) => {
  const admin = ctx;
  const maker = await testWorkspace(db, { within: admin, roles: ["dev"] });
  ctx = maker;
  const ref = await asked();
  await change(admin);
  await validateJob(house(), ref);
  expect(await jobOf(maker, ref.id)).toMatchObject({ status: "VALIDATED", waitsFor: "person" });
  expect((await names(ref))[0]).toBe("waiting_for_person");
});

test("too many wrong lines fail the check with a reason; as many as a job allows are left out", async () => {
  const good = `${JSON.stringify({
    messages: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello." },
    ],
  })}\n`;
  const file = async (word: string) => {
    const text = Buffer.from(`${good.repeat(9)}{"messages":[{"role":"user","content":"${word}"}]}\n`);
    const received = await receiveContent(
      ctx,
      (async function* () {
        yield text;
      })(),
      "fine-tune",
    );
    return (
      await keepFile(
        ctx,
        { file: `${word}.jsonl`, purpose: "fine-tune", visibility: "workspace", expiry: undefined },
        received,
      )
    ).id;
  };
  const of = async (word: string, share: number) => {
    const { id } = await createJob(ctx, jobAsked(await file(word), { model, invalid_sample_skip_percentage: share }));
    const ref = { organizationId: ctx.organizationId, id };
    await validateJob(house(), ref);
    return jobOf(ctx, id);
  };
  expect(await of("none", 0)).toMatchObject({ status: "FAILED_VALIDATION", failure: { code: "data" } });
  expect(await letters()).toEqual(["fine-tuning.failed"]);
  expect(await of("some", 0.1)).toMatchObject({ status: "VALIDATED", extent: { skippedLines: 1 } });
});

test("a checked job that no one starts is cancelled after 30 days, and credentials go 7 days after the end", async () => {
  const api_key = "0123456789abcdef0123456789abcdef01234567";
  const ref = await asked({ auto_start: false, integrations: [{ project: "p", api_key }] });
  await validateJob(house(), ref);
  await cancelUnstarted(house(29));
  expect((await jobOf(ctx, ref.id)).status).toBe("VALIDATED");
  await cancelUnstarted(house(30));
  expect((await jobOf(ctx, ref.id)).status).toBe("CANCELLED");
  expect(await eraseCredentials(house(36))).toBe(0);
  expect(await eraseCredentials(house(37))).toBe(1);
});

test("run again asks for the same, seed included, and leaves the other as it is", async () => {
  const ref = await asked({ auto_start: false, hyperparameters: { training_steps: 12, random_seed: 5 } });
  await validateJob(house(30), ref);
  await cancelUnstarted(house(61));
  const again = await runJobAgain(ctx, { job: ref.id });
  expect(again).toMatchObject({ status: "QUEUED", seed: 5, hyperparameters: { training_steps: 12 } });
  expect(again.id).not.toBe(ref.id);
});

test("fine-tuning 35: a lost job comes before one that waits, no organization runs more than its plan, and others go first then", async () => {
  const offer = { kinds: ["embedded"] as const, models: null };
  const next = () => transaction(house(), (ctx) => nextJob(ctx, offer));
  const started = async (ctx: Context) => {
    const ref = await readyJob(db, ctx, model, 10);
    await startJob(ctx, { job: ref.id });
    return ref;
  };
  // They have started at one instant, so their ids decide.
  const mine = [await started(ctx), await started(ctx), await started(ctx)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const begin = async (ref: JobRef, minutes?: number) => {
    await claimed(house(), ref, minutes);
    await transaction(house(), (ctx) => markRunning(ctx, ref));
  };
  expect(await next()).toEqual(mine[0]);
  await begin(mine[0] as JobRef);
  expect(await next()).toEqual(mine[1]);
  await begin(mine[1] as JobRef);
  expect(await next()).toBeNull();
  const other = await testWorkspace(db);
  const theirs = await started(other);
  expect(await next()).toEqual(theirs);
  // The first one's trainer is gone.
  await sql`update tuning_claims set lease_until = ${addDays(ctx.now, -1)} where job_id = ${(mine[0] as JobRef).id}`;
  await begin(theirs);
  expect(await next()).toEqual(mine[0]);
});
