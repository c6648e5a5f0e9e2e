import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { TuningStatus } from "#db/schema/tuning.ts";
import { testDatabase } from "#db/testing.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { cancelJob, startJob, stopJob } from "#lib/domain/fine-tuning/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { validateJob } from "#lib/domain/fine-tuning/validation/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import type { Outcome } from "#lib/engine/training/port.ts";
import { allMonths, houseOf, readyJob, trained, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { endJob, markRunning, ordersOf } from "./commands.ts";

const { db, sql } = await testDatabase();
const plain = await tunable(sql, "plain", { training: 0.000_001, minimum: 0, storage: 0 });
beforeAll(async () => allMonths(houseOf(db, await testWorkspace(db)), sql));

/** What a job is by the table of states, kept beside the real one. */
type Model = { status: TuningStatus; steps: number };
type Real = { ctx: Context; ref: JobRef };

/** `undefined`: the table does not know this way, so it is refused or changes nothing. */
type Table = Partial<Record<TuningStatus, TuningStatus>>;

const waiting = { QUEUED: "CANCELLED", VALIDATING: "CANCELLED", VALIDATED: "CANCELLED", STARTED: "CANCELLED" } as const;

abstract class Act implements fc.AsyncCommand<Model, Real> {
  abstract readonly table: Table;
  abstract act(real: Real): Promise<unknown>;
  abstract toString(): string;
  check(): boolean {
    return true;
  }
  /** What a way that the table does not know must be answered with. */
  readonly refusal: "conflict" | "nothing" = "conflict";
  to(model: Readonly<Model>): TuningStatus | undefined {
    return this.table[model.status];
  }
  async run(model: Model, real: Real): Promise<void> {
    const to = this.to(model);
    const outcome = await this.act(real).then(
      () => "done",
      (error: unknown) => {
        if (error instanceof AppError) return error.problem;
        throw error;
      },
    );
    if (to === undefined)
      expect(`${this}: ${outcome}`).toBe(`${this}: ${this.refusal === "nothing" ? "done" : "conflict"}`);
    else {
      expect(`${this}: ${outcome}`).toBe(`${this}: done`);
      model.status = to;
    }
    await agree(model, real);
  }
}

/** The real job is what the table says, and holds money exactly while it has a place in line. */
async function agree(model: Model, { ctx, ref }: Real): Promise<void> {
  const job = await jobOf(ctx, ref.id);
  expect(job.status).toBe(model.status);
  const [row] = await sql`select coalesce(sum(held_pico), 0)::text as held from spend_months
    where organization_id = ${ctx.organizationId} and scope = 'workspace'`;
  const isHolding = ["STARTED", "RUNNING", "CANCELLATION_REQUESTED"].includes(model.status);
  expect(row?.held).toBe(isHolding ? String((job.quotePico ?? 0n) - job.chargedPico) : "0");
  const told = job.events.find(({ name }) => name === "status-updated");
  expect(told?.data.status ?? model.status).toBe(model.status);
}

const house = ({ ctx }: Real) => houseOf(db, ctx);

class Start extends Act {
  override table: Table = { VALIDATED: "STARTED" };
  override act = ({ ctx, ref }: Real) => startJob(ctx, { job: ref.id });
  override toString = () => "start";
}
class Cancel extends Act {
  override table: Table = {
    ...waiting,
    ...{ RUNNING: "CANCELLATION_REQUESTED", CANCELLATION_REQUESTED: "CANCELLATION_REQUESTED", CANCELLED: "CANCELLED" },
  };
  override act = ({ ctx, ref }: Real) => cancelJob(ctx, { job: ref.id });
  override toString = () => "cancel";
}
class Stop extends Act {
  override table: Table = {};
  override to = ({ status, steps }: Readonly<Model>) => (status === "RUNNING" && steps > 0 ? status : undefined);
  override act = ({ ctx, ref }: Real) => stopJob(ctx, { job: ref.id });
  override toString = () => "stop";
}
class Run extends Act {
  override table: Table = { STARTED: "RUNNING" };
  override refusal = "nothing" as const;
  override act = (real: Real) => transaction(house(real), (ctx) => markRunning(ctx, real.ref));
  override toString = () => "run";
}
class Validate extends Act {
  // It names no files, so there is nothing to learn from.
  override table: Table = { QUEUED: "FAILED_VALIDATION" };
  override refusal = "nothing" as const;
  override act = (real: Real) => validateJob(house(real), real.ref);
  override toString = () => "validate";
}
class Checkpoint extends Act {
  override table: Table = {};
  override refusal = "nothing" as const;
  override act = async (real: Real) => {
    if ((await ordersOf(house(real), real.ref)) === "lost") return;
    const [last] =
      await sql`select coalesce(max(last_step), 0)::int as step from tuning_segments where job_id = ${real.ref.id}`;
    await trained(house(real), real.ref, Number(last?.step) + 1, 7);
  };
  override async run(model: Model, real: Real): Promise<void> {
    await super.run(model, real);
    if (["RUNNING", "CANCELLATION_REQUESTED"].includes(model.status)) model.steps += 1;
  }
  override toString = () => "checkpoint";
}

const outcomes: Record<string, { outcome: Outcome; table: Table }> = {
  success: {
    outcome: { outcome: "succeeded", step: 1 },
    table: { RUNNING: "SUCCESS", CANCELLATION_REQUESTED: "SUCCESS" },
  },
  cancelled: {
    outcome: { outcome: "cancelled", step: 1 },
    table: { STARTED: "FAILED", RUNNING: "FAILED", CANCELLATION_REQUESTED: "CANCELLED" },
  },
  failure: {
    outcome: { outcome: "failed", step: 1, failure: { code: "diverged", message: "It diverged.", advice: "Less." } },
    table: { STARTED: "FAILED", RUNNING: "FAILED", CANCELLATION_REQUESTED: "CANCELLED" },
  },
  lost: { outcome: { outcome: "lost" }, table: {} },
};

const isOver = (status: TuningStatus): boolean =>
  ["SUCCESS", "FAILED", "FAILED_VALIDATION", "CANCELLED"].includes(status);

class End extends Act {
  override table: Table;
  readonly #kind: keyof typeof outcomes;
  constructor(kind: keyof typeof outcomes) {
    super();
    this.#kind = kind;
    this.table = outcomes[kind]?.table ?? {};
  }
  /** A job that has ended stays as it is, whatever a trainer says later; so does one that only lost its trainer. */
  override to = ({ status }: Readonly<Model>) =>
    this.table[status] ?? (isOver(status) || this.#kind === "lost" ? status : undefined);
  override act = (real: Real) =>
    transaction(house(real), (ctx) => endJob(ctx, real.ref, outcomes[this.#kind]?.outcome ?? { outcome: "lost" }));
  override toString = () => `end by ${this.#kind}`;
}

const acts = [
  fc.constant(new Start()),
  fc.constant(new Cancel()),
  fc.constant(new Stop()),
  fc.constant(new Run()),
  fc.constant(new Validate()),
  fc.constant(new Checkpoint()),
  ...Object.keys(outcomes).map((kind) => fc.constant(new End(kind))),
];

test("fine-tuning 25: whatever is done in whichever order, a job goes the ways of the table alone, and the books agree", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(acts, { maxCommands: 14 }),
      fc.constantFrom("VALIDATED", "QUEUED"),
      async (commands, first) => {
        const ctx = await testWorkspace(db);
        const ref = await readyJob(db, ctx, plain, 50);
        if (first === "QUEUED") await sql`update tuning_jobs set status = 'QUEUED' where id = ${ref.id}`;
        const setup = () => ({ model: { status: first as TuningStatus, steps: 0 }, real: { ctx, ref } });
        await fc.asyncModelRun(setup, commands);
        expect((await verify(houseOf(db, ctx))).filter(({ violations }) => violations > 0)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
}, 240_000);
