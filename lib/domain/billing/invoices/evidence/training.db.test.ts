import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { testDatabase } from "#db/testing.ts";
import { transaction } from "#lib/core/context.ts";
import { closeMonths } from "#lib/domain/billing/closing/commands.ts";
import { invoicesOf } from "#lib/domain/billing/invoices/queries.ts";
import { cancelJob, startJob } from "#lib/domain/fine-tuning/commands.ts";
import { endJob, markRunning } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import { accrueStorage } from "#lib/domain/fine-tuning/storage/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import type { Outcome } from "#lib/engine/training/port.ts";
import { systemAt, testCustomer, use } from "#lib/testing/billing.ts";
import { houseOf, readyJob, trained, tunable } from "#lib/testing/tuning.ts";
import { billedEvents, recompute } from "./queries.ts";

const { db, sql } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:15:00Z");
for (const at of [november, december]) await sql`select ensure_usage_partition(${at})`;

test("fine-tuning: an invoice has lines for what was trained, the minimum and storage, and opens to exactly the events they are of", async () => {
  await tunable(sql, "base", { training: 1, minimum: 3, storage: 2 });
  const ctx = { ...(await testCustomer(db, { at: november })), now: november };
  const house = houseOf(db, ctx, november);
  const run = async (tokens: number, outcome: Outcome) => {
    const ref = await readyJob(db, ctx, "base", 5_000_000);
    await startJob(ctx, { job: ref.id });
    await transaction(house, (ctx) => markRunning(ctx, ref));
    await trained(house, ref, 5, tokens);
    if (outcome.outcome === "cancelled") await cancelJob(ctx, { job: ref.id });
    await transaction(house, (ctx) => endJob(ctx, ref, outcome));
  };
  await run(1_000_000, { outcome: "succeeded", step: 5 });
  await run(2_500_000, { outcome: "cancelled", step: 5 });
  const failure = { code: "internal" as const, message: "Ours.", advice: "" };
  await run(4_000_000, { outcome: "failed", step: 5, failure });
  await sql`delete from tuned_models`;
  const { organizationId, workspaceId } = ctx;
  await db.insert(tunedModels).values({
    ...{ organizationId, workspaceId, id: "ft:base:kept", root: "base", model: "base", kind: "embedded", step: 1 },
    ...{
      jobId: newId("tuningJob", november),
      ownerId: ctx.actor.id as never,
      visibility: "workspace",
      state: "active",
    },
    ...{ createdAt: november, updatedAt: november },
  });
  await use(sql, ctx, 7, november);
  await accrueStorage(houseOf(db, ctx, december));
  await closeMonths(systemAt(db, december));
  const summary = (await invoicesOf(ctx)).find(({ kind }) => kind === "summary");
  if (!summary) throw new Error("There is no summary.");
  const lines =
    await sql`select kind, description, quantity::text, unit_micros::text as unit, exact_pico::text as exact from invoice_lines
    where organization_id = ${organizationId} and invoice_id = ${summary.id} and kind <> 'input' and kind <> 'output' order by line`;
  expect(lines.map(({ kind, quantity, exact }) => ({ kind, quantity, exact }))).toEqual(
    expect.arrayContaining([
      { kind: "training", quantity: "7.500000", exact: "7500000000000" },
      { kind: "training_waived", quantity: "-1.000000", exact: "-4000000000000" },
      { kind: "training_minimum", quantity: "1.000000", exact: "2000000000000" },
      // 21 of 30 days, each worth a thirtieth of two euros.
      { kind: "model_storage", quantity: "1.000000", exact: "1400000000000" },
    ]),
  );
  const groups = await recompute(ctx, summary.id);
  expect(groups.map(({ kind, differencePico, pendingPico }) => ({ kind, differencePico, pendingPico }))).toEqual(
    groups.map(({ kind }) => ({ kind, differencePico: 0n, pendingPico: 0n })),
  );
  expect(new Set(groups.map(({ kind }) => kind))).toEqual(
    new Set(["request", "training", "training_minimum", "model_storage"]),
  );
  let sum = 0n;
  for await (const rows of billedEvents(ctx, summary.id)) for (const { costPico } of rows) sum += costPico;
  expect(sum).toBe(groups.reduce((all, { invoicedPico }) => all + invoicedPico, 0n));
  expect((await verify(houseOf(db, ctx))).filter(({ violations }) => violations > 0)).toEqual([]);
});
