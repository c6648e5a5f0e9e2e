import fc from "fast-check";
import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { pico } from "#lib/core/money.ts";
import { cancelJob, startJob } from "#lib/domain/fine-tuning/commands.ts";
import { endJob, markRunning } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { setOrganizationLimit, setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { Meter } from "#lib/gateway/metering/meter.ts";
import { openTestMeter, testUsageRow } from "#lib/testing/metering.ts";
import { type TestProcess, testGateKey, testProcess } from "#lib/testing/spend-limits.ts";
import { houseOf, readyJob, trainedNext, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import type { Reservation } from "./reservations.ts";

const { db, sql, url } = await testDatabase();
const operator = (ctx: Context): Context => ({
  ...ctx,
  db,
  actor: { kind: "system", id: "system", name: "test", permissions: new Set(["system.operate"]) },
});
await preparePartitions(operator(await testWorkspace(db)));
/** A pico-euro a token. */
const base = await tunable(sql, "base", { training: 0.000_001, minimum: 0, storage: 0 });

/** What a step of a history does, and to which of the processes, keys and holds there are at that moment. */
type Step =
  | { do: "hold"; process: number; key: number; amount: number; isFlexible: boolean }
  | { do: "settle"; hold: number; share: number }
  | { do: "abort"; hold: number }
  | { do: "crash"; process: number }
  | { do: "tune"; tokens: number }
  | { do: "train"; job: number; tokens: number }
  | { do: "end"; job: number; how: "succeeded" | "failed" | "cancelled" }
  | { do: "limit"; scope: "workspace" | "organization"; amount: number | null };

const at = fc.nat({ max: 50 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("hold" as const),
      process: at,
      key: at,
      amount: fc.integer({ min: 1, max: 60 }),
      isFlexible: fc.boolean(),
    }),
  },
  // A share above 100 is an upstream that counts more than the request could have.
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("settle" as const), hold: at, share: fc.integer({ min: 0, max: 130 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("abort" as const), hold: at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), process: at }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("tune" as const), tokens: fc.integer({ min: 0, max: 90 }) }),
  },
  // More than a job has left of its quote is a trainer that counts too much.
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("train" as const), job: at, tokens: fc.integer({ min: 0, max: 60 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      job: at,
      how: fc.constantFrom("succeeded" as const, "failed" as const, "cancelled" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("limit" as const),
      scope: fc.constantFrom("workspace" as const, "organization" as const),
      amount: fc.option(fc.integer({ min: 0, max: 300 })),
    }),
  },
);

type Running = TestProcess & { meter: Meter };

async function run(): Promise<Running> {
  const process = await testProcess(url);
  return { ...process, meter: openTestMeter(process.sql, process.reservations) };
}

/** A world of two processes and two keys, in which histories happen. */
class World {
  readonly ctx: Context;
  readonly keys: AuthenticatedKey[];
  processes: Running[];
  jobs: JobRef[] = [];
  holds: { hold: Reservation; key: AuthenticatedKey; process: Running }[] = [];

  constructor(ctx: Context, processes: Running[]) {
    this.ctx = ctx;
    this.keys = [testGateKey(ctx), testGateKey(ctx)];
    this.processes = processes;
  }

  async take(step: Step): Promise<void> {
    if (step.do === "tune" || step.do === "train" || step.do === "end") return this.#train(step);
    if (step.do === "hold") return this.#hold(step);
    if (step.do === "limit") return this.#limit(step);
    if (step.do === "crash") return this.#crash(step.process);
    const [taken] = this.holds.splice(step.hold % Math.max(1, this.holds.length), 1);
    if (!taken) return;
    if (step.do === "abort") taken.process.reservations.end(taken.hold, 0n);
    else await this.#settle(taken, step.share);
  }

  async #hold({ process: which, key: whose, amount, isFlexible }: Extract<Step, { do: "hold" }>): Promise<void> {
    const [process, key] = [this.processes[which % 2], this.keys[whose % 2]];
    if (!process || !key) throw new Error("There are two of each.");
    const most = BigInt(amount);
    const cancellation = new Cancellation();
    // A person who has to wait for others gives up soon, as a client would.
    setTimeout(() => cancellation.cancel(), 20);
    try {
      const ask = { least: isFlexible ? 1n : most, useful: most, most };
      const hold = await process.reservations.reserve(key, new Date(), ask, cancellation);
      this.holds.push({ hold, key, process });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  async #settle({ hold, key, process }: World["holds"][number], share: number): Promise<void> {
    const cost = (hold.amount * BigInt(share)) / 100n;
    const billed = cost > hold.amount ? hold.amount : cost;
    await process.meter.commit(testUsageRow(this.ctx, key.id, { cost: billed, waived: cost - billed }), hold);
  }

  async #limit({ scope, amount }: Extract<Step, { do: "limit" }>): Promise<void> {
    const limit = { limit: amount === null ? null : pico(BigInt(amount)), alerts: [100] };
    try {
      await (scope === "workspace" ? setWorkspaceLimit(this.ctx, limit) : setOrganizationLimit(this.ctx, limit));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }

  /** A job that is started, goes on or ends; of one that has no room, nothing is there. */
  async #train(step: Extract<Step, { do: "tune" | "train" | "end" }>): Promise<void> {
    const house = houseOf(db, this.ctx);
    if (step.do === "tune") {
      const ref = await readyJob(db, this.ctx, base, step.tokens);
      const isRoom = await startJob(this.ctx, { job: ref.id }).catch((error: unknown) => {
        if (error instanceof AppError) return false;
        throw error;
      });
      if (isRoom === false) return;
      await transaction(house, (ctx) => markRunning(ctx, ref));
      this.jobs.push(ref);
      return;
    }
    const index = step.job % Math.max(1, this.jobs.length);
    if (step.do === "train") {
      const job = this.jobs[index];
      if (job) await trainedNext(house, job, step.tokens);
      return;
    }
    const [job] = this.jobs.splice(index, 1);
    if (job) await this.#endJob(job, step.how);
  }

  async #endJob(job: JobRef, how: "succeeded" | "failed" | "cancelled"): Promise<void> {
    const failure = { code: "internal" as const, message: "It failed.", advice: "" };
    if (how === "cancelled") await cancelJob(this.ctx, { job: job.id });
    const outcome =
      how === "failed" ? ({ outcome: how, step: 1, failure } as const) : ({ outcome: how, step: 1 } as const);
    await transaction(houseOf(db, this.ctx), (ctx) => endJob(ctx, job, outcome));
  }

  /** Killed: nothing is given back, and what its requests cost is written by no one. */
  async #crash(which: number): Promise<void> {
    const dead = this.processes[which % 2];
    if (!dead) return;
    this.holds = this.holds.filter(({ process }) => process !== dead);
    const lessee = dead.reservations.lessee();

    await sql`update lessees set expires_at = clock_timestamp() - interval '1 second' where id = ${lessee}`;
    await sql`select settle_dead()`;
    await sql`select reap_lessees()`;
  }

  async end(): Promise<void> {
    for (const { hold, process } of this.holds) process.reservations.end(hold, 0n);
    for (const job of this.jobs) await this.#endJob(job, "succeeded");
    for (const process of this.processes) {
      await process.meter.close();
      await process.end();
    }
    // What every living process does each two seconds, for those that were killed while their row was in use.
    await sql`select settle_dead()`;
    await sql`select reap_lessees()`;
  }
}

const overspent = async ({ organizationId }: Context): Promise<unknown[]> => [
  ...(await sql`select counter.scope, settled_pico::text, held_pico::text, limit_pico::text, standing_pico::text from spend_months as counter
    join spend_limits using (organization_id, scope, scope_id) where organization_id = ${organizationId}
      and settled_pico + held_pico > greatest(limit_pico, standing_pico)`),
];

const counters = async (id: Id<"organization">) =>
  sql`select scope, settled_pico::text as settled, held_pico::text as held from spend_months where organization_id = ${id} order by 1`;

test("billing 8, fine-tuning 29, T-4.2.2.2-LIM1: whatever happens in whichever order, no scope spends and holds more than its limit, and the books agree", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 25 }), async (bursts) => {
      const world = new World(await testWorkspace(db), [await run(), await run()]);
      try {
        for (const burst of bursts) {
          await Promise.all(burst.map((step) => world.take(step)));
          expect(await overspent(world.ctx)).toEqual([]);
        }
      } finally {
        await world.end();
      }
      const rows = await counters(world.ctx.organizationId);
      for (const { held } of rows) expect(held).toBe("0");
      expect((await verify(operator(world.ctx))).filter(({ violations }) => violations > 0)).toEqual([]);
    }),
    { numRuns: 30 },
  );
}, 240_000);

test("an event whose hold is gone is billed as far as the limit goes, and the rest is waived", async () => {
  const ctx = await testWorkspace(db);
  await setWorkspaceLimit(ctx, { limit: pico(100n), alerts: [] });
  const process = await run();
  const key = testGateKey(ctx);
  const hold = await process.reservations.reserve(
    key,
    new Date(),
    { least: 90n, useful: 90n, most: 90n },
    new Cancellation(),
  );
  await sql`update lessees set expires_at = clock_timestamp() - interval '1 second' where id = ${hold.lessee}`;
  await sql`select settle_dead()`;
  await sql`select reap_lessees()`;
  // Another person has used what was released.
  await sql`update spend_months set settled_pico = 70 where organization_id = ${ctx.organizationId}`;
  const row = testUsageRow(ctx, key.id, { cost: 80n, waived: 0n });
  await process.meter.commit(row, hold);
  const [event] =
    await sql`select cost_pico::text as cost, waived_pico::text as waived from usage_events where id = ${row.id}`;
  expect(event).toMatchObject({ cost: "30", waived: "50" });
  await process.meter.close();
  await process.end();
});

test("a commit that is repeated takes the money once", async () => {
  const ctx = await testWorkspace(db);
  const process = await run();
  const key = testGateKey(ctx);
  const hold = await process.reservations.reserve(
    key,
    new Date(),
    { least: 50n, useful: 50n, most: 50n },
    new Cancellation(),
  );
  const batch = JSON.stringify([testUsageRow(ctx, key.id, { cost: 20n, waived: 0n })]);
  for (let i = 0; i < 3; i++) await sql`select meter(${batch}, ${hold.lessee})`;
  const rows = await counters(ctx.organizationId);
  for (const { settled } of rows) expect(settled).toBe("20");
  process.reservations.end(hold, 20n);
  await process.meter.close();
  await process.end();
  for (const { held } of await counters(ctx.organizationId)) expect(held).toBe("0");
});
