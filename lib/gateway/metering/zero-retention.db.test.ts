import { expect, test, vi } from "vitest";
import type { Sql } from "#db/client.ts";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { deafFeed } from "#lib/testing/metering.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { openContents } from "./contents.ts";

const { db, sql } = await testDatabase();

const contentOf = ({ organizationId, workspaceId }: Context) => ({
  organizationId,
  workspaceId,
  requestId: newId("request", now()),
  at: now(),
  trainingEligible: false,
  request: '{"model":"small"}',
  answer: "null",
});

const stored = async ({ organizationId }: Context): Promise<number> => {
  const rows = await sql`select request_ids from contents where organization_id = ${organizationId}`;
  return rows.flatMap(({ request_ids }) => request_ids as string[]).length;
};

const flags = {
  organization: (ctx: Context) =>
    sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`,
  workspace: (ctx: Context) => sql`update workspaces set zero_retention_since = now()
    where organization_id = ${ctx.organizationId} and id = ${ctx.workspaceId}`,
};

for (const [scope, put] of Object.entries(flags)) {
  test(`T-4.2.2.2-ZDR4: once the ${scope} is under zero retention nothing is stored, whatever two processes still hold`, async () => {
    const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
    const processes = [openContents(sql, deafFeed, 1e9), openContents(sql, deafFeed, 1e9)];
    let isOver = false;
    const load = processes.map(async ({ keep }) => {
      let kept = 0;
      while (!isOver) {
        for (const place of [ctx, other]) void keep(contentOf(place));
        kept++;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return kept;
    });
    await vi.waitUntil(async () => (await stored(ctx)) > 0, { timeout: 10_000 });
    await put(ctx);
    const before = await stored(ctx);
    const rest = await stored(other);
    await vi.waitUntil(async () => (await stored(other)) > rest, { timeout: 10_000 });
    isOver = true;
    const kept = (await Promise.all(load)).reduce((sum, one) => sum + one);
    for (const { close } of processes) await close();
    expect(await stored(ctx)).toBe(before);
    expect(await stored(other)).toBe(kept);
    expect(before).toBeLessThan(kept);
  });
}

const insert = (on: Sql, { organizationId, workspaceId }: Context) => {
  const id = newId("request", now());
  return on`insert into contents (organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed)
    values (${organizationId}, date_trunc('hour', now()), ${id}, ${workspaceId}, array[${id}], false, ''::bytea)`;
};

test("T-4.2.2.2-ZDR4: a statement that forgets to ask is refused by the table itself", async () => {
  const ctx = await testWorkspace(db);
  await insert(sql, ctx);
  await flags.workspace(ctx);
  await expect(insert(sql, ctx)).rejects.toMatchObject({ code: "ZR001" });
});

test("T-4.2.2.2-ZDR4: zero retention begins when what is being stored is stored, so that a count after it is the last word", async () => {
  const ctx = await testWorkspace(db);
  const begun = await sql.begin(async (tx) => {
    await insert(tx as unknown as Sql, ctx);
    const flip = flags.organization(ctx).then(() => undefined);
    await vi.waitUntil(async () => {
      const [waiting] =
        await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return waiting !== undefined;
    });
    return { flip };
  });
  await begun.flip;
  expect(await stored(ctx)).toBe(1);
});

test("help-zdr 7, T-4.2.2.2-ZDR4: what waits in a full queue while the database is away is not stored after zero retention began", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const log = openContents(sql, deafFeed, 2000);
  await log.keep(contentOf(ctx));
  await vi.waitUntil(async () => (await stored(ctx)) === 1);
  // Nothing gets in, and connections are cut: what comes now waits.
  const barrier = await sql.reserve();
  await barrier`begin`;
  await barrier`lock table contents in exclusive mode`;
  const waiting = Array.from({ length: 40 }, (_, at) => log.keep(contentOf(at % 2 === 0 ? ctx : other)));
  await vi.waitUntil(async () => {
    const cut = await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where wait_event_type = 'Lock' and query like '%insert into contents%'`;
    return cut.length > 0;
  });
  await flags.organization(ctx);
  await barrier`commit`;
  barrier.release();
  await Promise.all(waiting);
  await log.close();
  expect(await stored(other)).toBe(20);
  expect(await stored(ctx)).toBe(1);
});
