import { expect } from "vitest";
import type { Db, Sql } from "#db/client.ts";
import { type Id, idOfUuid, uuidOf } from "#db/id.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import type { BatchRunner } from "#lib/gateway/batch/runner.ts";
import { batchRunner, type Request, requestFile, resultsIn, untilBatch } from "#lib/testing/batches.ts";
import { houseOf } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, type openV1 } from "./testing.ts";

export const jobs = "/v1/batch/jobs";
export const scopes: Scope[] = ["batch:write", "files:write", "completions:create", "embeddings:create"];

export const idOf = (uuid: string): Id<"batch"> => {
  const id = idOfUuid("batch", uuid);
  if (!id) throw new Error("The answer names a batch.");
  return id;
};

/** For tests: what a program sends to have a file asked. */
export const asked = (file: Id<"file">, change: object = {}) => ({
  input_files: [uuidOf(file)],
  endpoint: "/v1/chat/completions",
  ...change,
});

type Parts = { db: Db; sql: Sql; v1: Awaited<ReturnType<typeof openV1>> };

/** For tests: batches over `/v1`, and what works them off. */
export async function batchesAt({ db, sql, v1 }: Parts) {
  const house = await testWorkspace(db);
  const runners: BatchRunner[] = [];
  const run = (batchesMost?: number): BatchRunner => {
    const runner = batchRunner(db, house, v1.plane, batchesMost);
    runners.push(runner);
    runner.start();
    return runner;
  };
  const ended = async (ctx: Context, secret: string, uuid: string) => {
    const id = idOf(uuid);
    await untilBatch(sql, id, "SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED");
    const { body } = await v1.ask(secret, "GET", `${jobs}/${uuid}`);
    const linesOf = (name: unknown) => resultsIn(db, ctx, typeof name === "string" ? idOfUuid("file", name) : null);
    return { id, body, output: await linesOf(body.output_file), errors: await linesOf(body.error_file) };
  };
  const begun = async (ctx: Context, secret: string, lines: readonly (Request | string)[], change: object = {}) => {
    const { status, body } = await v1.ask(secret, "POST", jobs, asked(await requestFile(ctx, lines), change));
    expect([status, body.status]).toEqual([200, "QUEUED"]);
    return body.id as string;
  };
  return {
    run,
    ended,
    begun,
    /** A workspace with a key for all of it. */
    world: async (options: Parameters<typeof testWorkspace>[1] = {}) => {
      const ctx = await testWorkspace(db, options);
      return { ctx, secret: await keyOf(ctx, { scopes }) };
    },
    /** A batch from its first word to its files. */
    done: async (ctx: Context, secret: string, lines: readonly (Request | string)[], change: object = {}) => {
      const uuid = await begun(ctx, secret, lines, change);
      const runner = run();
      const result = await ended(ctx, secret, uuid);
      await runner.stop();
      return result;
    },
    waitsFor: async (uuid: string): Promise<string> => {
      const [row] = await sql`select waits_for from batch_jobs where id = ${idOf(uuid)}`;
      return row?.waits_for ?? "";
    },
    violations: async () => (await verify(houseOf(db, house))).filter((one) => one.violations > 0),
    stop: async () => {
      for (const runner of runners) await runner.stop();
    },
  };
}
