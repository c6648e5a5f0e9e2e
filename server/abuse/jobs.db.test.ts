import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { env } from "#lib/core/env.ts";
import { monitoringMonths } from "#lib/domain/abuse/counts/queries.ts";
import type { Engines } from "#lib/engine/engines.ts";
import type { Engine } from "#lib/engine/port/port.ts";
import { keepRequests, testRule } from "#lib/testing/abuse.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { scanContentsJob } from "./jobs.ts";
import { openModerator } from "./moderator.ts";

const { db, sql } = await testDatabase();

test("the job scans what is kept, with no model where none is named (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  await testRule(ctx.now, "By the job", "wombat");
  const [bad] = await keepRequests(sql, ctx, ["a wombat"]);
  await scanContentsJob.perform({});
  await scanContentsJob.perform({});
  const flags = await sql`select request_id, source from abuse_flags where organization_id = ${ctx.organizationId}`;
  expect(flags).toEqual([{ request_id: bad, source: "rule" }]);
  expect((await monitoringMonths(ctx))[0]).toMatchObject({ ruleScanned: 1, modelScanned: 0, models: [] });
});

test("A1: the model that ABUSE_MODEL names is asked through its engine; a name of no such model asks none", async () => {
  const ctx = await testWorkspace(db);
  const operator = systemAt(db, ctx.now);
  const asked: unknown[] = [];
  const engine = {
    moderate: async (request: unknown) => {
      asked.push(request);
      return { verdicts: [{ categories: { fraud: true }, scores: { fraud: 0.5 } }], promptTokens: 1 };
    },
  } as Partial<Engine> as Engine;
  const engines = { of: () => engine, close: async () => undefined } as Partial<Engines> as Engines;
  await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, available, created_at)
    select id, id, '', 'x', 'elsewhere', 'judge', jsonb_build_object('moderation', id = 'judge-1'), 4096, true, now()
    from unnest(array['judge-1', 'chat-1']) as id`;
  expect((await openModerator(operator, () => engines)).moderator).toBeNull();
  for (const name of ["nothing", "chat-1"]) {
    Object.assign(env(), { ABUSE_MODEL: name });
    expect((await openModerator(operator, () => engines)).moderator, name).toBeNull();
  }
  Object.assign(env(), { ABUSE_MODEL: "judge-1" });
  const { moderator } = await openModerator(operator, () => engines);
  expect([moderator?.model, await moderator?.judge(["one"])]).toMatchObject(["judge-1", [{ scores: { fraud: 0.5 } }]]);
  expect(asked).toMatchObject([{ model: "judge", inputs: ["one"] }]);
});
