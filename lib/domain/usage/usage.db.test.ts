import fc from "fast-check";
import { expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { testDatabase } from "#db/testing.ts";
import { noFee, type UsageRow, usageRows } from "#db/usage-rows.ts";
import { addDays, dayOf, monthOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { choicesOf, explore } from "./explorer/queries.ts";
import { type UsageLine, usageLines } from "./files/queries.ts";
import { organizationUsage } from "./queries.ts";
import { bucketsOf, type Grouping, type Question } from "./rules.ts";

const { db, sql } = await testDatabase();
const now = new Date("2026-03-20T15:30:00.000Z");
for (const month of ["2026-01-15", "2026-02-15", "2026-03-15"])
  await sql`select ensure_usage_partition(${month}::timestamptz)`;

const operator = (ctx: Context): Context => ({
  ...ctx,
  actor: { kind: "system", id: "system", name: "test", permissions: new Set(["system.operate"]) },
});

type Made = {
  daysAgo: number;
  workspace: number;
  key: number;
  model: string;
  endUser: string | null;
  prompt: number;
  cost: bigint;
  isAnswered: boolean;
};

const made = fc.record({
  daysAgo: fc.double({ min: 0, max: 60, noNaN: true }),
  workspace: fc.integer({ min: 0, max: 1 }),
  key: fc.integer({ min: 0, max: 2 }),
  model: fc.constantFrom("small", "large", "embed"),
  endUser: fc.option(fc.constantFrom("ann", "ben", "=cmd", "")),
  prompt: fc.integer({ min: 0, max: 1_000_000 }),
  // More than a double holds exactly.
  cost: fc.bigInt({ min: 0n, max: 10n ** 22n }),
  isAnswered: fc.boolean(),
});

/** An organization with two workspaces of three keys each; the person is admin of the first and of the organization. */
async function organization(): Promise<{ ctx: Context; workspaceIds: Id<"workspace">[]; keyIds: Id<"key">[][] }> {
  const ctx = { ...(await testWorkspace(db)), now };
  const second = newId("workspace", now);
  await db
    .insert(workspaces)
    .values({ organizationId: ctx.organizationId, id: second, name: "Second", createdAt: now });
  const keyIds = [0, 1].map(() => [0, 1, 2].map(() => newId("key", now)));
  return { ctx, workspaceIds: [ctx.workspaceId, second], keyIds };
}

type World = Awaited<ReturnType<typeof organization>>;

function eventOf({ ctx, workspaceIds, keyIds }: World, its: Made): UsageRow {
  const at = addDays(now, -its.daysAgo);
  return {
    organization_id: ctx.organizationId,
    id: newId("request", at),
    at: at.toISOString(),
    workspace_id: workspaceIds[its.workspace] as Id<"workspace">,
    key_id: keyIds[its.workspace]?.[its.key] as Id<"key">,
    user_id: newId("user", now),
    end_user: its.endUser,
    endpoint: "chat",
    requested_model: its.model,
    model: its.model,
    streamed: false,
    prompt_tokens: its.prompt,
    cached_tokens: 0,
    completion_tokens: 1,
    input_micros: 0,
    cached_input_micros: 0,
    output_micros: 0,
    cost_pico: String(its.cost),
    waived_pico: "0",
    held_pico: "0",
    clamped_tokens: null,
    limit_scope: null,
    limit_left_pico: null,
    requests_left: null,
    tokens_left: null,
    first_byte_ms: null,
    latency_ms: 1,
    status: its.isAnswered ? 200 : 503,
    outcome: its.isAnswered ? "answered" : "failed",
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
  };
}

const write = (world: World, all: readonly Made[]) =>
  sql`select meter(${usageRows(all.map((its) => eventOf(world, its)))})`;

const question = (change: Partial<Question> = {}): Question => ({
  range: { from: dayOf(addDays(now, -70)), to: dayOf(now) },
  grain: "day",
  by: "model",
  measure: "cost",
  everywhere: true,
  only: undefined,
  ...change,
});

const costOf = (all: readonly { cost: bigint }[]): bigint => all.reduce((sum, { cost }) => sum + cost, 0n);

async function linesOf(ctx: Context, asked: Question): Promise<UsageLine[]> {
  const lines: UsageLine[] = [];
  for await (const batch of usageLines(ctx, asked)) lines.push(...batch);
  return lines;
}

const groupings: Grouping[] = ["model", "key", "end_user", "workspace"];

test("whatever it is grouped by, totals, chart, file, counters and events say the same, to the last digit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(made, { minLength: 1, maxLength: 40 }), async (all) => {
      const world = await organization();
      await write(world, all);
      const { ctx } = world;
      for (const by of groupings) {
        const asked = question({ by });
        const { sum, totals, points } = await explore(ctx, asked, 2);
        const lines = await linesOf(ctx, asked);
        const sums = [
          sum.now.costPico,
          totals.reduce((total, row) => total + row.now.costPico, 0n),
          points.reduce((total, point) => total + point.costPico, 0n),
          lines.reduce((total, line) => total + line.costPico, 0n),
        ];
        expect(sums).toEqual(sums.map(() => costOf(all)));
        expect(sum.now).toMatchObject({
          requests: all.length,
          failed: all.filter(({ isAnswered }) => !isAnswered).length,
          promptTokens: all.reduce((total, { prompt }) => total + prompt, 0),
          completionTokens: all.length,
        });
        expect(lines.reduce((total, { requests }) => total + requests, 0)).toBe(all.length);
      }
      const usage = await organizationUsage(operator(ctx));
      expect(usage).toMatchObject({ events: all.length, eventsPico: costOf(all), heldPico: 0n });
      expect(usage.months.reduce((total, { settledPico }) => total + settledPico, 0n)).toBe(costOf(all));
      const thisMonth = all.filter(({ daysAgo }) => monthOf(addDays(now, -daysAgo)) === "2026-03-01");
      const { month, sum } = await explore(ctx, question({ range: { from: "2026-03-01", to: "2026-03-20" } }), 5);
      expect(month).toEqual({ month: "2026-03-01", settledPico: costOf(thisMonth) });
      expect(sum.now.costPico).toBe(costOf(thisMonth));
    }),
    { numRuns: 12 },
  );
}, 60_000);

test("what is asked of one workspace, model, key or end user is theirs alone", async () => {
  const world = await organization();
  const all = fc.sample(made, { numRuns: 80, seed: 7 });
  await write(world, all);
  const { ctx, keyIds } = world;
  const sumOf = async (change: Partial<Question>) => (await explore(ctx, question(change), 5)).sum.now.costPico;
  const first = all.filter(({ workspace }) => workspace === 0);
  expect(await sumOf({ everywhere: false })).toBe(costOf(first));
  expect(await sumOf({ only: "large" })).toBe(costOf(all.filter(({ model }) => model === "large")));
  expect(await sumOf({ by: "workspace", only: "large" })).toBe(costOf(all.filter(({ model }) => model === "large")));
  expect(await sumOf({ by: "key", everywhere: false, only: keyIds[0]?.[1] })).toBe(
    costOf(first.filter(({ key }) => key === 1)),
  );
  expect(await sumOf({ by: "end_user", only: "ann" })).toBe(costOf(all.filter(({ endUser }) => endUser === "ann")));
  expect((await choicesOf(ctx, question())).map(({ id }) => id).toSorted()).toEqual(["embed", "large", "small"]);
});

test("hours add up to their day, and the period before is as long and ends where this one begins", async () => {
  const world = await organization();
  const all = fc.sample(made, { numRuns: 200, seed: 11 });
  await write(world, all);
  const range = { from: "2026-03-10", to: "2026-03-16" };
  const [days, hours] = await Promise.all([
    explore(world.ctx, question({ range }), 5),
    explore(world.ctx, question({ range, grain: "hour" }), 5),
  ]);
  expect(hours.sum).toEqual(days.sum);
  const known = new Set(bucketsOf(range, "hour"));
  expect(hours.points.every(({ bucket }) => known.has(bucket))).toBe(true);
  const past = await explore(world.ctx, question({ range: { from: "2026-03-03", to: "2026-03-09" } }), 5);
  expect(days.sum.before).toEqual(past.sum.now);
  expect(days.before.reduce((sum, { figures }) => sum + figures.costPico, 0n)).toBe(past.sum.now.costPico);
  for (const { id, before } of days.totals) {
    expect(before.costPico).toBe(past.totals.find((row) => row.id === id)?.now.costPico ?? 0n);
  }
});

test("of many end users the page gets the biggest and the rest as one, the file all of them", async () => {
  const world = await organization();
  const all = Array.from(
    { length: 2500 },
    (_, i): Made => ({
      daysAgo: 1,
      workspace: i % 2,
      key: 0,
      model: "small",
      endUser: i < 2400 ? `user-${i}` : null,
      prompt: 1,
      cost: BigInt(i + 1),
      isAnswered: true,
    }),
  );
  await write(world, all);
  const asked = question({ by: "end_user" });
  const { totals, points, others, sum } = await explore(world.ctx, asked, 5);
  expect(totals.length).toBe(102);
  expect(totals.slice(0, 2).map(({ id }) => id)).toEqual(["user-2399", "user-2398"]);
  expect(totals.slice(-2).map(({ name }) => name)).toEqual(["Other", "Not named"]);
  expect(others).toBe(2300);
  expect(points.length).toBe(7);
  expect(sum.now.costPico).toBe(costOf(all));
  const lines = await linesOf(world.ctx, asked);
  expect(lines.length).toBe(2402);
  expect(lines.reduce((total, { costPico }) => total + costPico, 0n)).toBe(costOf(all));
});

test("another tenant's usage is not there, and no one sees the organization's with a workspace's right", async () => {
  const [world, stranger] = [await organization(), await organization()];
  await write(world, fc.sample(made, 20));
  for (const by of groupings) {
    expect((await explore(stranger.ctx, question({ by }), 5)).sum.now.requests).toBe(0);
    expect(await linesOf(inWorkspace(stranger.ctx, world.ctx.workspaceId), question({ by }))).toEqual([]);
  }
  const dev = { ...(await testWorkspace(db, { within: world.ctx, roles: ["dev"] })), now };
  expect((await explore(dev, question({ everywhere: false }), 5)).sum.now.requests).toBeGreaterThanOrEqual(0);
  await expect(explore(dev, question(), 5)).rejects.toThrow(/every workspace of the organization.*Organization admin/);
  await expect(choicesOf(dev, question())).rejects.toThrow(/every workspace/);
  expect(() => usageLines(dev, question())).toThrow(/every workspace/);
  const user = { ...(await testWorkspace(db, { within: world.ctx, roles: ["user"] })), now };
  expect(() => usageLines(user, question({ everywhere: false }))).toThrow(/see usage and cost/);
});
