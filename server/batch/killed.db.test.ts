import { afterAll, beforeAll, expect, test } from "vitest";
import { idOfUuid, uuidOf } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { chatLine, requestFile, resultsIn, untilBatch } from "#lib/testing/batches.ts";
import { kill, processesOf } from "#lib/testing/processes.ts";
import { houseOf } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "#server/v1/testing.ts";

const { db, sql, url } = await testDatabase();
const kills = Number(process.env.TEST_KILLS ?? 6);
const v1 = await openV1(sql);
let processes: Awaited<ReturnType<typeof processesOf>>;

beforeAll(async () => {
  processes = await processesOf({ process: "lib/testing/batch-process.ts" }, url);
});
afterAll(async () => {
  await processes.end();
  await v1.close();
});

const models = [{ id: "small", price: { input: 1, output: 3 }, capabilities: { completion_chat: true } }];

const start = () =>
  processes.start({
    EMBEDDED_MODELS: "off",
    BATCH_REQUESTS: "4",
    UPSTREAMS: JSON.stringify([{ id: "fake", url: v1.upstream.url, models }]),
  });

const until = (isSo: () => Promise<boolean>) => expect.poll(isSo, { timeout: 60_000, interval: 5 }).toBe(true);

test("batch 12: processes killed with -9 at their work leave each line once in a file, and each event once", async () => {
  const ctx = await testWorkspace(db);
  const secret = await keyOf(ctx, { scopes: ["batch:write", "files:write", "completions:create"] });
  const names = Array.from({ length: 400 }, (_, n) => `q${n}`);
  const lines = names.map((name, n) => chatLine(name, n % 10 === 0 ? { model: "nowhere" } : {}));
  const asked = { input_files: [uuidOf(await requestFile(ctx, lines))], endpoint: "/v1/chat/completions" };
  const { body } = await v1.ask(secret, "POST", "/v1/batch/jobs", asked);
  const id = idOfUuid("batch", body.id);
  if (!id) throw new Error("The answer names a batch.");
  const stand = async () => {
    const [row] = await sql<{ allotted: number; claims: number }[]>`select claim_number as claims,
      (select count(*)::int from batch_requests where job_id = jobs.id) as allotted from batch_jobs as jobs where id = ${id}`;
    return row ?? { allotted: 0, claims: 0 };
  };
  for (let round = 0; round < kills; round++) {
    const before = await stand();
    const child = start();
    // Right when it took the batch, once it has read on, or in the middle of asking.
    await until(async () => {
      const { allotted, claims } = await stand();
      return round % 3 === 0 ? claims > before.claims : allotted > before.allotted;
    });
    await kill(child);
    // Its lease ends by itself in half a minute, and no request has killed it.
    await sql`update batch_jobs set lease_until = now() - interval '1 second' where id = ${id} and lease_until is not null`;
    await sql`update batch_requests set attempts = 0 where job_id = ${id}`;
  }
  const asks = v1.upstream.requests.length;
  start();
  await untilBatch(sql, id, "SUCCESS");
  expect(asks).toBeLessThan(v1.upstream.requests.length);
  const [row] =
    await sql`select output_file_id, error_file_id, cost_pico::text as cost from batch_jobs where id = ${id}`;
  const [output, errors] = [
    await resultsIn(db, ctx, row?.output_file_id),
    await resultsIn(db, ctx, row?.error_file_id),
  ];
  expect(output.map((line) => line.custom_id)).toEqual(names.filter((_, n) => n % 10 !== 0));
  expect(errors.map((line) => line.custom_id)).toEqual(names.filter((_, n) => n % 10 === 0));
  const events = await sql`select id from usage_events where organization_id = ${ctx.organizationId}`;
  expect(events.map((event) => event.id).toSorted()).toEqual(
    output.map((line) => line.response?.request_id).toSorted(),
  );
  expect(row?.cost).toBe(String(360 * 8_000_000));
  expect((await verify(houseOf(db, ctx))).filter(({ violations }) => violations > 0)).toEqual([]);
}, 300_000);
