import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { noFee, type UsageRow, usageRows } from "#db/usage-rows.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { type RequestFilter, requestFilter } from "./input.ts";
import { request, requestLines, requestsOf } from "./queries.ts";
import type { RequestView } from "./view.ts";

const { db, sql } = await testDatabase();
const now = new Date("2026-03-20T15:30:00.000Z");
for (const month of ["2025-12-15", "2026-01-15", "2026-02-15", "2026-03-15"])
  await sql`select ensure_usage_partition(${month}::timestamptz)`;

const filter = (asked: Record<string, string> = {}): RequestFilter => requestFilter.parse(asked);
const person = async (): Promise<Context> => ({ ...(await testWorkspace(db)), now });

function event(ctx: Context, at: Date, change: Partial<UsageRow> = {}): UsageRow & { id: string } {
  return {
    organization_id: ctx.organizationId,
    at: at.toISOString(),
    workspace_id: ctx.workspaceId,
    key_id: newId("key", at),
    user_id: newId("user", at),
    end_user: null,
    endpoint: "chat",
    requested_model: "small-latest",
    model: "small",
    streamed: false,
    prompt_tokens: 10,
    cached_tokens: 0,
    completion_tokens: 5,
    input_micros: 1,
    cached_input_micros: 1,
    output_micros: 2,
    cost_pico: "15",
    waived_pico: "5",
    held_pico: "15",
    clamped_tokens: 5,
    limit_scope: "workspace",
    limit_left_pico: "99999999999999999999",
    requests_left: 3,
    tokens_left: null,
    first_byte_ms: 1,
    latency_ms: 2,
    status: 200,
    outcome: "answered",
    reason: null,
    address: "192.0.2.1",
    agent: "vitest",
    clause: "T-4.2.2.2-D1",
    training_eligible: false,
    agent_id: null,
    agent_version: null,
    estimated: false,
    ...noFee,
    trace_parent: null,
    ...change,
    id: newId("request", at),
  };
}

const write = (rows: UsageRow[]) => sql`select meter(${usageRows(rows)})`;
const idsOf = async (ctx: Context, asked: RequestFilter) => (await requestsOf(ctx, asked)).requests.map(({ id }) => id);
const newestFirst = (rows: { id: string }[]) =>
  rows
    .map(({ id }) => id)
    .toSorted()
    .toReversed();

async function all(ctx: Context, asked: RequestFilter): Promise<RequestView[]> {
  const rows: RequestView[] = [];
  for await (const batch of requestLines(ctx, asked)) rows.push(...batch);
  return rows;
}

test("each filter finds what it says and nothing else, on the page and in the file", async () => {
  const ctx = await person();
  const key = newId("key", now);
  const at = (days: number) => addDays(now, -days);
  const rows = {
    plain: event(ctx, at(1)),
    model: event(ctx, at(2), { model: "large" }),
    key: event(ctx, at(40), { key_id: key }),
    user: event(ctx, at(70), { end_user: "ann" }),
    endpoint: event(ctx, at(3), { endpoint: "embeddings", model: "embed" }),
    failed: event(ctx, at(45), { outcome: "failed", status: 503 }),
    both: event(ctx, at(71), { end_user: "ann", model: "large", key_id: key }),
  };
  await write(Object.values(rows));
  const cases: [Record<string, string>, UsageRow[]][] = [
    [{}, Object.values(rows)],
    [{ model: "large" }, [rows.model, rows.both]],
    [{ model: "none-such" }, []],
    [{ key }, [rows.key, rows.both]],
    [{ end_user: "ann" }, [rows.user, rows.both]],
    [{ end_user: "ann", model: "large", key }, [rows.both]],
    [{ endpoint: "embeddings" }, [rows.endpoint]],
    [{ outcome: "failed" }, [rows.failed]],
    [{ from: at(3).toISOString().slice(0, 10) }, [rows.plain, rows.model, rows.endpoint]],
    [{ to: at(45).toISOString().slice(0, 10) }, [rows.failed, rows.user, rows.both]],
    [{ from: at(2).toISOString().slice(0, 16), to: at(2).toISOString().slice(0, 16) }, [rows.model]],
    [{ from: "nonsense", outcome: "odd", endpoint: "", key: "key_of_nobody" }, Object.values(rows)],
  ];
  for (const [asked, expected] of cases) {
    const ids = newestFirst(expected as { id: string }[] & UsageRow[]);
    expect(await idsOf(ctx, filter(asked)), JSON.stringify(asked)).toEqual(ids);
    expect((await all(ctx, filter(asked))).map(({ id }) => id)).toEqual(ids);
  }
});

test("pages follow each other over months without a gap or a repeat, both ways", async () => {
  const ctx = await person();
  const rows = Array.from({ length: 130 }, (_, i) => event(ctx, addMinutes(now, -i * 720)));
  await write(rows);
  const first = await requestsOf(ctx, filter());
  const second = await requestsOf(ctx, filter({ before: first.older ?? "" }));
  const third = await requestsOf(ctx, filter({ before: second.older ?? "" }));
  expect([first, second, third].flatMap((page) => page.requests.map(({ id }) => id))).toEqual(newestFirst(rows));
  expect([first.newer, third.older]).toEqual([null, null]);
  const back = await requestsOf(ctx, filter({ after: third.newer ?? "" }));
  expect(back.requests).toEqual(second.requests);
  expect((await requestsOf(ctx, filter({ after: back.newer ?? "" }))).requests).toEqual(first.requests);
});

test("a page reads the months it shows and no other's table", async () => {
  // On the connections whose counters can be asked for.
  const ctx = { ...(await person()), db };
  await write([
    event(ctx, addDays(now, -80)),
    event(ctx, addDays(now, -79)),
    ...Array.from({ length: 60 }, () => event(ctx, now)),
  ]);
  const touched = async () => {
    const rows =
      await sql`select relname, coalesce(idx_scan, 0) + seq_scan as scans from pg_stat_user_tables where relname like 'usage_events_%' order by 1`;
    return Object.fromEntries(rows.map((row) => [row.relname, Number(row.scans)]));
  };
  const settled = async () => {
    await sql`select pg_stat_force_next_flush()`;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await sql`select pg_stat_clear_snapshot()`;
    return touched();
  };
  const before = await settled();
  await requestsOf(ctx, filter());
  await requestsOf(ctx, filter({ model: "large" }));
  const after = await settled();
  expect(after.usage_events_2025_12).toBe(before.usage_events_2025_12);
  expect(after.usage_events_2026_02).toBe(before.usage_events_2026_02);
});

test("a request tells how the limits stood, and another tenant's is not there", async () => {
  const [ctx, stranger] = [await person(), await person()];
  const row = event(ctx, now, { end_user: "ann" });
  await write([row]);
  expect(await request(ctx, row.id as never)).toMatchObject({
    costPico: 15n,
    waivedPico: 5n,
    heldPico: 15n,
    clampedTokens: 5,
    limitScope: "workspace",
    limitLeftPico: 99_999_999_999_999_999_999n,
    requestsLeft: 3,
    tokensLeft: null,
    endUser: "ann",
    clause: "T-4.2.2.2-D1",
  });
  await expect(request(stranger, row.id as never)).rejects.toThrow(/no such request/);
  expect(await all(inWorkspace(stranger, ctx.workspaceId), filter())).toEqual([]);
  const user = await testWorkspace(db, { within: ctx, roles: ["user"] });
  expect(() => requestLines(user, filter())).toThrow(/request log/);
});

test("a page says where it is of how many, from sums: by one filter and whole days; by more it does not guess", async () => {
  const ctx = await person();
  const key = newId("key", now);
  await write([
    ...Array.from({ length: 130 }, (_, i) => event(ctx, addMinutes(now, -i * 720), { end_user: `ann-${i % 2}` })),
    ...Array.from({ length: 7 }, (_, i) => event(ctx, addMinutes(now, -i * 11), { key_id: key, model: "large" })),
  ]);
  const first = await requestsOf(ctx, filter());
  expect(first).toMatchObject({ first: 1, total: 137 });
  const second = await requestsOf(ctx, filter({ before: first.older ?? "" }));
  expect(second).toMatchObject({ first: 51, total: 137 });
  expect(await requestsOf(ctx, filter({ after: second.newer ?? "" }))).toMatchObject({ first: 1, total: 137 });
  expect(await requestsOf(ctx, filter({ key }))).toMatchObject({ first: 1, total: 7 });
  const from = addDays(now, -40).toISOString().slice(0, 10);
  const since = await all(ctx, filter({ from }));
  expect(await requestsOf(ctx, filter({ from }))).toMatchObject({ first: 1, total: since.length });
  expect((await requestsOf(ctx, filter({ outcome: "answered" }))).total).toBeUndefined();
});

test("a search finds end users by a part of their names, and one request by its id", async () => {
  const [ctx, stranger] = [await person(), await person()];
  const rows = ["50%_off", "50 off", "ann"].map((name, i) => event(ctx, addDays(now, -i), { end_user: name }));
  await write(rows);
  const users = async (q: string, as = ctx) => (await requestsOf(as, filter({ q }))).requests.map((row) => row.endUser);
  expect(await users("50")).toEqual(["50%_off", "50 off"]);
  expect(await users("%_")).toEqual(["50%_off"]);
  expect(await users("nobody")).toEqual([]);
  expect(await users(rows[2]?.id ?? "")).toEqual(["ann"]);
  expect((await all(ctx, filter({ q: "ANN" }))).map((row) => row.endUser)).toEqual(["ann"]);
  expect(await users("50", stranger)).toEqual([]);
  expect(await users(rows[2]?.id ?? "", stranger)).toEqual([]);
});
