import { afterAll, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { pico } from "#lib/core/money.ts";
import { revokeKey } from "#lib/domain/keys/commands.ts";
import { setOrganizationLimit } from "#lib/domain/limits/commands.ts";
import { chatLine, requestFile } from "#lib/testing/batches.ts";
import { keyOf, openV1 } from "./testing.ts";
import { asked, batchesAt, idOf, jobs, scopes } from "./testing-batches.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const batches = await batchesAt({ db, sql, v1 });
const { world, run, ended, waitsFor, violations } = batches;
afterAll(async () => {
  await batches.stop();
  await v1.close();
});

test("T-4.2.2.2-LIM1, batch 8: without room in a limit a batch waits, says so once, goes on when there is, and passes no limit", async () => {
  const { ctx, secret } = await world();
  // Each request may take its bytes and ten tokens: a few pass, then there is no room.
  await setOrganizationLimit(ctx, { limit: pico(150_000_000n) });
  const lines = Array.from({ length: 30 }, (_, n) => chatLine(`q${n}`));
  const { body } = await v1.ask(secret, "POST", jobs, asked(await requestFile(ctx, lines)));
  const runner = run();
  await expect.poll(() => waitsFor(body.id), { timeout: 30_000, interval: 50 }).toMatch(/limit/);
  const [spent] =
    await sql`select coalesce(sum(cost_pico), 0)::bigint as cost from usage_events where organization_id = ${ctx.organizationId}`;
  expect(BigInt(spent?.cost ?? 0)).toBeLessThanOrEqual(150_000_000n);
  expect((await v1.ask(secret, "GET", `${jobs}/${body.id}`)).body.status).toBe("RUNNING");
  const letters = async () =>
    sql`select kind from letters where organization_id = ${ctx.organizationId} and kind = 'batch.waiting-for-limit'`;
  expect(await letters()).toHaveLength(1);
  await setOrganizationLimit(ctx, { limit: pico(4_000_000_000n) });
  const { body: after } = await ended(ctx, secret, body.id);
  await runner.stop();
  expect(after).toMatchObject({ status: "SUCCESS", succeeded_requests: 30 });
  expect(await letters()).toHaveLength(1);
  expect(await violations()).toEqual([]);
}, 60_000);

test("batch 9: cancelled, what was answered is in the files and billed, and the rest is not asked", async () => {
  const { ctx, secret } = await world();
  await setOrganizationLimit(ctx, { limit: pico(400_000_000n) });
  const lines = Array.from({ length: 60 }, (_, n) => chatLine(`q${n}`));
  const { body } = await v1.ask(secret, "POST", jobs, asked(await requestFile(ctx, lines)));
  const runner = run();
  await expect.poll(() => waitsFor(body.id), { timeout: 30_000, interval: 50 }).toMatch(/limit/);
  expect((await v1.ask(secret, "POST", `/v1/batches/${body.id}/cancel`)).body.status).toBe("cancelling");
  const { body: after, output, errors } = await ended(ctx, secret, body.id);
  await runner.stop();
  expect(after.status).toBe("CANCELLED");
  expect(output.length).toBeGreaterThan(0);
  expect(output.length).toBeLessThan(60);
  expect(errors.every((line) => line.error?.code === "batch_cancelled")).toBe(true);
  expect(await v1.counted(ctx.organizationId)).toHaveLength(output.length);
  expect(await violations()).toEqual([]);
}, 60_000);

test("batch 10: when the time is over, what is not answered stands in the file of errors, each line once", async () => {
  const { ctx, secret } = await world();
  const lines = Array.from({ length: 50 }, (_, n) => chatLine(`q${n}`));
  const { body } = await v1.ask(secret, "POST", jobs, asked(await requestFile(ctx, lines), { timeout_hours: 1 }));
  await sql`update batch_jobs set expires_at = now() - interval '1 second' where id = ${idOf(body.id)}`;
  const runner = run();
  const { body: after, output, errors } = await ended(ctx, secret, body.id);
  await runner.stop();
  expect(after.status).toBe("TIMEOUT_EXCEEDED");
  const names = [...output, ...errors].map((line) => line.custom_id);
  expect(names.toSorted()).toEqual(lines.map((line) => line.custom_id ?? "").toSorted());
  expect(errors.every((line) => line.error?.code === "batch_expired")).toBe(true);
  expect(await violations()).toEqual([]);
});

test("batch 11: a key that is revoked ends its batch, which keeps what was answered", async () => {
  const { ctx, secret } = await world();
  await setOrganizationLimit(ctx, { limit: pico(400_000_000n) });
  const lines = Array.from({ length: 60 }, (_, n) => chatLine(`q${n}`));
  const { body } = await v1.ask(secret, "POST", jobs, asked(await requestFile(ctx, lines)));
  const runner = run();
  await expect.poll(() => waitsFor(body.id), { timeout: 30_000, interval: 50 }).toMatch(/limit/);
  const [key] = await sql<{ key_id: Id<"key"> }[]>`select key_id from batch_jobs where id = ${idOf(body.id)}`;
  if (!key) throw new Error("The batch has a key.");
  const other = await keyOf(ctx, { scopes });
  await revokeKey(ctx, { id: key.key_id });
  const { body: after, output } = await ended(ctx, other, body.id);
  await runner.stop();
  expect(after.status).toBe("FAILED");
  expect(JSON.stringify(after.errors)).toContain("revoked");
  expect(output.length).toBeGreaterThan(0);
  expect(await violations()).toEqual([]);
}, 60_000);
