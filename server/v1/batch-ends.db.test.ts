import { afterAll, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { pico } from "#lib/core/money.ts";
import { beatBatch, claimBatch, keepAnswers } from "#lib/domain/batch/claims/commands.ts";
import type { AllottedLine } from "#lib/domain/batch/claims/view.ts";
import { allot, type PlacedLine, unreadLines } from "#lib/domain/batch/reading/commands.ts";
import { revokeKey } from "#lib/domain/keys/commands.ts";
import { setOrganizationLimit } from "#lib/domain/limits/commands.ts";
import { chatLine, requestFile, untilBatch } from "#lib/testing/batches.ts";
import { houseOf } from "#lib/testing/tuning.ts";
import { keyOf, openV1 } from "./testing.ts";
import { asked, batchesAt, idOf, jobs, scopes } from "./testing-batches.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const batches = await batchesAt({ db, sql, v1 });
const { world, run, begun, ended, waitsFor, violations } = batches;
afterAll(async () => {
  await batches.stop();
  await v1.close();
});

/** A batch of 60 that has some answers, and waits for room in a limit. */
async function halfway() {
  const { ctx, secret } = await world();
  await setOrganizationLimit(ctx, { limit: pico(400_000_000n) });
  const lines = Array.from({ length: 60 }, (_, n) => chatLine(`q${n}`));
  const uuid = await begun(ctx, secret, lines);
  const runner = run();
  await expect.poll(() => waitsFor(uuid), { timeout: 30_000, interval: 50 }).toMatch(/limit/);
  return { ctx, secret, uuid, runner };
}

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
  // Some more pass, and it waits again, of which nothing new is to be told.
  const answered = async () => (await v1.ask(secret, "GET", `${jobs}/${body.id}`)).body.completed_requests as number;
  const before = await answered();
  await setOrganizationLimit(ctx, { limit: pico(250_000_000n) });
  const standing = async () => `${(await answered()) > before} ${await waitsFor(body.id)}`;
  await expect.poll(standing, { timeout: 30_000, interval: 50 }).toMatch(/^true .*limit/);
  await setOrganizationLimit(ctx, { limit: pico(4_000_000_000n) });
  const { body: after } = await ended(ctx, secret, body.id);
  await runner.stop();
  expect(after).toMatchObject({ status: "SUCCESS", succeeded_requests: 30 });
  expect(await letters()).toHaveLength(1);
  expect(await violations()).toEqual([]);
}, 60_000);

test("T-4.2.2.2-LIM1, batch 17: batches that wait for a limit hold up no other, and go on when there is room", async () => {
  const waiting = [await world(), await world()];
  const uuids: string[] = [];
  for (const { ctx, secret } of waiting) {
    await setOrganizationLimit(ctx, { limit: pico(1n) });
    uuids.push(await begun(ctx, secret, [chatLine("q0"), chatLine("q1")]));
  }
  const runner = run(1);
  await expect.poll(() => waitsFor(uuids[1] ?? ""), { timeout: 30_000, interval: 50 }).toMatch(/limit/);
  const other = await world();
  const { body } = await ended(other.ctx, other.secret, await begun(other.ctx, other.secret, [chatLine("q0")]));
  expect(body.status).toBe("SUCCESS");
  for (const [at, { ctx, secret }] of waiting.entries()) {
    await setOrganizationLimit(ctx, { limit: pico(4_000_000_000n) });
    expect((await ended(ctx, secret, uuids[at] ?? "")).body).toMatchObject({
      status: "SUCCESS",
      succeeded_requests: 2,
    });
  }
  await runner.stop();
  expect(await violations()).toEqual([]);
}, 90_000);

test("batch 9: cancelled, what was answered is in the files and billed, and the rest is not asked", async () => {
  const { ctx, secret, uuid, runner } = await halfway();
  expect((await v1.ask(secret, "POST", `/v1/batches/${uuid}/cancel`)).body.status).toBe("cancelling");
  const { body: after, output, errors } = await ended(ctx, secret, uuid);
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

test("batch 10: a process that stops while what is out of time is written down leaves the rest to the next", async () => {
  const { ctx, secret } = await world();
  const lines = Array.from({ length: 4000 }, (_, n) => chatLine(`q${n}`));
  const { body } = await v1.ask(secret, "POST", jobs, asked(await requestFile(ctx, lines)));
  await sql`update batch_jobs set expires_at = now() - interval '1 second' where id = ${idOf(body.id)}`;
  const written = async () =>
    (await sql`select line from batch_requests where job_id = ${idOf(body.id)} limit 1`).length > 0;
  const first = run();
  await expect.poll(written, { timeout: 30_000, interval: 2 }).toBe(true);
  await first.stop();
  const second = run();
  const { body: after, errors } = await ended(ctx, secret, body.id);
  await second.stop();
  expect([after.status, errors.length]).toEqual(["TIMEOUT_EXCEEDED", 4000]);
}, 60_000);

test("batch 11: a key that is revoked ends its batch, which keeps what was answered", async () => {
  const { ctx, uuid, runner } = await halfway();
  const [key] = await sql<{ key_id: Id<"key"> }[]>`select key_id from batch_jobs where id = ${idOf(uuid)}`;
  if (!key) throw new Error("The batch has a key.");
  const other = await keyOf(ctx, { scopes });
  await revokeKey(ctx, { id: key.key_id });
  const { body: after, output } = await ended(ctx, other, uuid);
  await runner.stop();
  expect(after.status).toBe("FAILED");
  expect(JSON.stringify(after.errors)).toContain("revoked");
  expect(output.length).toBeGreaterThan(0);
  expect(await violations()).toEqual([]);
}, 60_000);

test("batch 11: a suspended organization's batch ends, and keeps what was answered", async () => {
  const { ctx, uuid, runner } = await halfway();
  await sql`update organizations set status = 'suspended' where id = ${ctx.organizationId}`;
  await untilBatch(sql, idOf(uuid), "FAILED");
  await runner.stop();
  const [row] = await sql`select failure, output_file_id from batch_jobs where id = ${idOf(uuid)}`;
  expect(row?.failure).toContain("suspended");
  expect(row?.output_file_id).not.toBeNull();
}, 60_000);

test("T-4.2.2.2-ZDR4, batch 15: under zero retention there are no batches, and one under way ends without keeping anything", async () => {
  const { ctx, secret, uuid, runner } = await halfway();
  await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
  await untilBatch(sql, idOf(uuid), "FAILED");
  await runner.stop();
  const [row] = await sql`select failure, output_file_id, error_file_id, key from batch_jobs where id = ${idOf(uuid)}`;
  expect(row?.failure).toContain("zero retention");
  expect([row?.output_file_id, row?.error_file_id, row?.key]).toEqual([null, null, null]);
  expect(await sql`select 1 from batch_requests where job_id = ${idOf(uuid)} and sealed_result is not null`).toEqual(
    [],
  );
  for (const [method, path] of [
    ["GET", jobs],
    ["GET", `${jobs}/${uuid}`],
    ["GET", "/v1/batches"],
  ] as const)
    expect((await v1.ask(secret, method, path)).body.type).toBe("zdr_incompatible");
  const requests = [{ body: {} }];
  expect((await v1.ask(secret, "POST", jobs, { requests, endpoint: "/v1/embeddings" })).body.type).toBe(
    "zdr_incompatible",
  );
}, 60_000);

test("batch 16: an agent answers a batch of chats, as its published version does", async () => {
  const { ctx } = await world();
  const secret = await keyOf(ctx, { scopes: ["batch:write", "files:write", "agents:use", "agents:write"] });
  const agent = await v1.ask(secret, "POST", "/v1/agents", {
    model: "small",
    name: "Guide",
    instructions: "Be brief.",
  });
  const { model: _model, ...body } = chatLine("q").body as { model: string };
  const uuid = await begun(ctx, secret, [{ custom_id: "q", body }], { agent_id: agent.body.id });
  const runner = run();
  const { body: after, output } = await ended(ctx, secret, uuid);
  await runner.stop();
  expect([after.status, after.agent_id, output.length]).toEqual(["SUCCESS", agent.body.id, 1]);
  expect(v1.lastAsked().messages[0]).toMatchObject({ role: "system", content: "Be brief." });
  const [event] = await v1.counted(ctx.organizationId);
  expect(event).toMatchObject({ agent_id: agent.body.id, cost: "8000000" });
});

test("batch 12: of two processes with one batch only the later one writes", async () => {
  const { ctx, secret } = await world();
  const uuid = await begun(ctx, secret, [chatLine("q")]);
  const house = houseOf(db, ctx);
  await sql`update batch_jobs set ended_at = now(), status = 'CANCELLED', lease_until = null where id <> ${idOf(uuid)} and ended_at is null`;
  const first = await claimBatch(house);
  expect(await claimBatch(house)).toBeNull();
  await sql`update batch_jobs set lease_until = now() - interval '1 second' where id = ${idOf(uuid)}`;
  const second = await claimBatch(house);
  if (!first || !second) throw new Error("Both had a turn.");
  expect(second.number).toBe(first.number + 1);
  expect([await beatBatch(house, first), await beatBatch(house, second)]).toEqual(["lost", "go_on"]);
  const lines: PlacedLine[] = [];
  for await (const line of unreadLines(house, second)) lines.push(line);
  expect(await allot(house, first, lines)).toBe("lost");
  const [asked] = (await allot(house, second, lines)) as AllottedLine[];
  if (!asked) throw new Error("There is a line to ask.");
  const answer = {
    ...asked,
    ...{ response: { status: 200, body: {} }, problem: null, costPico: 0n },
    tokens: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
  };
  expect(await keepAnswers(house, first, [answer])).toBe("lost");
  await keepAnswers(house, second, [answer]);
  await keepAnswers(house, second, [answer]);
  const [row] = await sql`select succeeded_requests as count from batch_jobs where id = ${idOf(uuid)}`;
  expect(row?.count).toBe(1);
  await sql`delete from batch_jobs where id = ${idOf(uuid)}`;
});
