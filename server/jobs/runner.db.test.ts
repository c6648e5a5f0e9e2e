import { afterAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { defineJob, enqueue, type Job, type Lane } from "#lib/core/jobs/define.ts";
import { lineOf } from "#lib/core/webhooks/delivery-job.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { startRunner } from "./runner.ts";

const { db, sql, url } = await testDatabase();
const ctx = await testWorkspace(db);

/** What is under way in a lane, until it is let go. */
const under = new Map<string, number>();
const most = new Map<string, number>();
const ended: string[] = [];
let letGo = () => {};
const silence = new Promise<void>((resolve) => {
  letGo = resolve;
});

const job = (lane: Lane, work: (who: string) => Promise<void>): Job =>
  defineJob({
    name: `test.${lane}`,
    payload: z.object({ who: z.string() }),
    lane,
    run: async (_ctx, { who }) => {
      under.set(who, (under.get(who) ?? 0) + 1);
      most.set(who, Math.max(most.get(who) ?? 0, under.get(who) ?? 0));
      await work(who);
      under.set(who, (under.get(who) ?? 1) - 1);
      ended.push(lane);
    },
  }) as Job;

const webhooks = job("webhooks", (who) => (who === "quick" ? Promise.resolve() : silence));
const jobs = [webhooks, job("house", async () => {}), job("letters", async () => {})];
const runner = await startRunner(url, jobs);
afterAll(async () => {
  letGo();
  await runner.stop();
  // The queue's connections end by themselves after that; the database they are of is dropped next.
  const left = () => sql`select from pg_stat_activity where datname = current_database() and application_name = ''`;
  await vi.waitUntil(async () => (await left()).length === 0, { timeout: 10_000 });
});

test("a receiver that says nothing holds two seats at most, and nobody else's work waits for it", async () => {
  const organizationId = newId("organization", ctx.now);
  const endpoints = ["one", "two"].map((who) => ({ who, endpointId: newId("webhookEndpoint", ctx.now) }));
  for (let n = 0; n < 30; n++)
    for (const { who, endpointId } of endpoints) {
      const line = lineOf({ organizationId, endpointId, deliveryId: newId("webhookDelivery", ctx.now) });
      await enqueue(ctx, webhooks, { who }, { line });
    }
  await expect.poll(() => (under.get("one") ?? 0) + (under.get("two") ?? 0)).toBeGreaterThanOrEqual(2);
  const other = { organizationId: ctx.organizationId, endpointId: newId("webhookEndpoint", ctx.now) };
  const line = lineOf({ ...other, deliveryId: newId("webhookDelivery", ctx.now) });
  await enqueue(ctx, webhooks, { who: "quick" }, { line });
  for (const job of jobs.slice(1)) await enqueue(ctx, job, { who: job.name });
  await expect.poll(() => ended.toSorted(), { timeout: 5000 }).toEqual(["house", "letters", "webhooks"]);
  expect([most.get("one"), most.get("two")].every((count) => (count ?? 0) <= 2)).toBe(true);
});
