import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql as raw } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Db } from "#db/client.ts";
import { seedDemo } from "#db/seed/demo.ts";
import type { World } from "#db/seed/world.ts";
import { testDatabase } from "#db/testing.ts";
import { newSecret } from "#lib/core/api-keys/secret.ts";
import { env } from "#lib/core/env.ts";
import { keyedHash, seal } from "#lib/core/secrets.ts";
import { newAgentSealer } from "#lib/domain/agents/sealing/queries.ts";
import { publishBilling } from "#lib/domain/billing/accounts/commands.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { abuseOf } from "./demo-abuse.ts";
import { assistanceOf } from "./demo-assistance.ts";
import { billsOf } from "./demo-bills.ts";
import { seedContract } from "./demo-contract.ts";
import { ticketsOf } from "./demo-tickets.ts";
import { tuningOf } from "./demo-tuning.ts";
import { systemContext } from "./system-context.ts";

const { db } = await testDatabase();
Object.assign(env(), { DEMO: "on", DATA_DIR: fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-demo-")) });
await publishDocuments(systemContext("test", { at: new Date("2026-01-01T00:00:00Z") }));
await publishBilling(systemContext("test", { at: new Date("2026-01-01T00:00:00Z") }));

await publishCatalogue(systemContext("test", { on: db, at: new Date("2026-01-01") }), servedModels(env()));

class Undo extends Error {}

/** Seeds the demo as if it were that moment, looks at it, and undoes it. */
async function seeded(
  now: Date,
  look: (tx: Db) => Promise<void>,
  scenario: (world: World) => Promise<unknown> = seedDemo,
): Promise<void> {
  const secrets = { passwordHash: "x", hashSecret: keyedHash, newSecret, seal, sealAgent: newAgentSealer };
  const work = db.transaction(async (tx) => {
    const tickets: World["tickets"] = (helped) => [...ticketsOf(tx, now)(helped), ...assistanceOf(tx, now)(helped)];
    const steps = { bills: billsOf(tx, now), tickets, abuse: abuseOf(tx, now), tuning: tuningOf(tx, now) };
    await scenario({ db: tx, now, ...secrets, ...steps });
    await look(tx);
    throw new Undo();
  });
  await expect(work).rejects.toThrow(Undo);
}

const rows = <T extends Record<string, unknown>>(tx: Db, statement: string) => tx.execute<T>(raw.raw(statement));

test.each(["2026-11-29T09:00:00Z", "2026-12-01T00:02:00Z", "2027-03-31T23:59:00Z"])(
  "the demo of %s has bills of three months that add up: paid, ahead, disputed and owed",
  async (moment) => {
    const now = new Date(moment);
    await seeded(now, async (tx) => {
      const documents = await rows<{ name: string; kind: string; state: string; pdf: boolean }>(
        tx,
        `select name, kind, state, pdf_sha256 is not null as pdf from invoices join organizations as one on one.id = organization_id
          order by issued_at, seq`,
      );
      const of = (name: string) => documents.filter((one) => one.name === name);
      const summaries = of("Lindenhof Labs").filter(({ kind }) => kind === "summary");
      expect(summaries.length).toBeGreaterThanOrEqual(2);
      expect(summaries.map(({ state }) => state)).not.toContain("open");
      expect(of("Kestrel Freight")).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: "advance", state: "paid" }),
          expect.objectContaining({ kind: "summary", state: "paid" }),
          expect.objectContaining({ kind: "credit_note" }),
          expect.objectContaining({ kind: "summary", state: "open" }),
        ]),
      );
      expect(of("Lindenhof Labs").filter(({ kind }) => kind === "credit_note")).toHaveLength(1);
      expect(documents.filter(({ pdf }) => !pdf)).toEqual([]);
      const standing = await rows<{ name: string; blocked: boolean }>(
        tx,
        `select organizations.name, blocked_at is not null as blocked from billing_accounts join organizations on id = organization_id order by 1`,
      );
      expect(standing.map((one) => ({ ...one }))).toEqual([
        { name: "Kestrel Freight", blocked: true },
        { name: "Lindenhof Labs", blocked: false },
      ]);
      const disputes = await rows<{ state: string }>(tx, "select state from disputes order by opened_at");
      expect(disputes.map(({ state }) => state)).toEqual(["partly", "open"]);
      const future = await rows(
        tx,
        `select id from audit_events where at > '${moment}' union all select id from letters where created_at > '${moment}'`,
      );
      expect(future).toHaveLength(0);
      const house = systemContext("test", { on: tx, at: now });
      expect((await verify(house)).filter(({ violations }) => violations > 0)).toEqual([]);
      // Else the nightly comparison would take them for payments of today.
      const odd = await rows(
        tx,
        `select payment.id from payments as payment left join sandbox_objects as object on object.id = payment.ref
          where payment.ref is not null and payment.created_at is distinct from object.created_at`,
      );
      expect(odd).toHaveLength(0);
    });
  },
  120_000,
);

test("with another provider than the sandbox nothing is billed, and no one is asked for money", async () => {
  env().STRIPE_SECRET_KEY = "sk_test_none";
  try {
    await seeded(new Date("2026-11-29T09:00:00Z"), async (tx) => {
      expect(await rows(tx, "select id from invoices union all select id from payments")).toHaveLength(0);
    });
  } finally {
    delete env().STRIPE_SECRET_KEY;
  }
});

test("the demo has tickets in every state, read by their customer", async () => {
  await seeded(new Date("2026-11-29T09:00:00Z"), async (tx) => {
    const found = await rows<{ state: string; snoozed: boolean }>(
      tx,
      "select state, snoozed_until is not null as snoozed from tickets order by number",
    );
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(["open", "waiting", "resolved", "closed"]));
    expect(found.some(({ snoozed }) => snoozed)).toBe(true);
    for (const table of ["ticket_notes", "ticket_ratings", "macros"])
      expect((await rows(tx, `select 1 from ${table}`)).length, table).toBeGreaterThan(0);
  });
});

test("the demo has a file that staff read, as its customer agreed", async () => {
  await seeded(new Date("2026-11-29T09:00:00Z"), async (tx) => {
    const found = await rows<{ state: string; lines: number; name: string }>(
      tx,
      `select state, reads.lines, files.name from assistance_grants as grants
        join assistance_reads as reads on grant_id = grants.id join files on files.id = reads.file_id`,
    );
    expect(found.map((one) => ({ ...one }))).toEqual([{ state: "active", lines: 6, name: "parcel-answers.jsonl" }]);
  });
});

test("fine-tuning 43: the demo has a model that was trained for real, data that was refused, and a job that waits", async () => {
  await seeded(new Date("2026-12-01T09:00:00Z"), async (tx) => {
    const jobs = await rows<{
      suffix: string;
      status: string;
      failure: string | null;
      kept: number;
      model: string | null;
    }>(
      tx,
      `select suffix, status, failure->>'code' as failure, trained_steps as kept, tuned.name as model
        from tuning_jobs as job left join tuned_models as tuned on tuned.id = job.tuned_model_id order by suffix`,
    );
    expect(jobs.map((one) => ({ ...one }))).toEqual([
      { suffix: "help-desk", status: "SUCCESS", failure: null, kept: 100, model: "Help desk" },
      { suffix: "help-desk-2", status: "VALIDATED", failure: null, kept: 0, model: null },
      { suffix: "shop", status: "FAILED_VALIDATION", failure: "data", kept: 0, model: null },
    ]);
    const [curve] = await rows<{ first: number; last: number; checkpoints: number }>(
      tx,
      `select (array_agg(valid_loss order by step))[1] as first, (array_agg(valid_loss order by step desc))[1] as last,
        (select count(*)::int from tuning_checkpoints where blob_id is not null) as checkpoints
        from tuning_points where valid_loss is not null`,
    );
    expect(curve?.last).toBeLessThan((curve?.first ?? 0) / 2);
    expect(curve?.checkpoints).toBeGreaterThan(0);
    const files = await rows<{ name: string; bad: number }>(
      tx,
      "select name, bad_lines as bad from files where name like 'shop-%' or name like 'help-%' order by name",
    );
    expect(files.map((one) => ({ ...one }))).toEqual([
      { name: "help-desk-sample.jsonl", bad: 0 },
      { name: "shop-answers.jsonl", bad: 3 },
    ]);
  });
});

test("contract 3, T-7-SUB, T-3-PO: the scenario of a contract that moves has terms that are announced, an order in force and planned work", async () => {
  const now = new Date("2026-11-29T09:00:00Z");
  await seeded(
    now,
    async (tx) => {
      expect(
        await rows(tx, "select state, change from publications where kind = 'terms' order by id desc limit 1"),
      ).toEqual([{ state: "announced", change: "substantial" }]);
      expect(await rows(tx, "select state, cardinality(approved_by) as approvals from purchase_orders")).toEqual([
        { state: "active", approvals: 2 },
      ]);
      expect(await rows(tx, "select about from notice_runs order by about")).toEqual([
        { about: "maintenance" },
        { about: "terms" },
      ]);
      const ctx = systemContext("test", { on: tx, at: now });
      expect((await verify(ctx)).filter(({ violations }) => violations > 0)).toEqual([]);
    },
    seedContract,
  );
});
