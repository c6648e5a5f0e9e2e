import fs from "node:fs";
import { expect, test, vi } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { keyringPlace } from "#lib/core/keyring/keyring.ts";
import { purgeContents } from "#lib/domain/retention/commands.ts";
import { destroyScopeKeys, settleKeyring, turnHours, turnRings } from "#lib/domain/retention/keyring/commands.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { deafFeed } from "#lib/testing/metering.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { openContent, openContents } from "./contents.ts";
import { ScopeKeys } from "./scope-keys.ts";

const { db, sql } = await testDatabase();
const operator = (moment = now()) => ({ ...systemContext("test"), db, now: moment });
await settleKeyring(operator());

type Pack = { id: string; request_ids: string[]; sealed: Buffer };

const contentOf = ({ organizationId, workspaceId }: Context, at = now()) => {
  const requestId = newId("request", at);
  return {
    organizationId,
    workspaceId,
    requestId,
    at,
    trainingEligible: false,
    request: `"${requestId}"`,
    answer: "0",
  };
};
const packsOf = ({ organizationId }: Context) =>
  sql<Pack[]>`select id, request_ids, sealed from contents where organization_id = ${organizationId}`;
/** What a process finds that knows nothing yet. */
const opened = (ctx: Context, pack: Pack) => openContent(new ScopeKeys(sql, deafFeed), ctx, pack);

async function keep(...contents: ReturnType<typeof contentOf>[]): Promise<void> {
  const log = openContents(sql, deafFeed, 1e9);
  for (const content of contents) void log.keep(content);
  await log.close();
}

test("rings are turned while two processes write and read: every pack opens at every moment, and none is lost", async () => {
  const places = await Promise.all([1, 2, 3].map(() => testWorkspace(db)));
  const feed = await openChangeFeed(sql);
  const logs = [openContents(sql, feed, 1e9), openContents(sql, deafFeed, 1e9)];
  const readers = [new ScopeKeys(sql, feed), new ScopeKeys(sql, deafFeed)];
  let [isOver, kept, reads] = [false, 0, 0];
  const writing = (async () => {
    while (!isOver) {
      for (const place of places) for (const log of logs) void log.keep(contentOf(place));
      kept += places.length * logs.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const readAll = async (place: Context): Promise<void> => {
    for (const pack of (await packsOf(place)).slice(-2))
      for (const keys of readers) {
        await openContent(keys, place, pack);
        reads++;
      }
  };
  const reading = (async () => {
    while (!isOver) for (const place of places) await readAll(place);
  })();
  for (let turn = 0; turn < 6; turn++) {
    const stranger = await testWorkspace(db);
    // A key that is made in the middle of a turn.
    const made = keep(contentOf(stranger));
    await destroyScopeKeys(operator(), []);
    await made;
    for (const pack of await packsOf(stranger)) expect(await opened(stranger, pack)).toBeTruthy();
  }
  isOver = true;
  await Promise.all([writing, reading, ...logs.map((log) => log.close())]);
  const packs = (
    await Promise.all(places.map(async (ctx) => (await packsOf(ctx)).map((pack) => ({ ctx, pack }))))
  ).flat();
  const found = await Promise.all(packs.map(({ ctx, pack }) => opened(ctx, pack)));
  expect(found.flatMap((content) => Object.keys(content))).toHaveLength(kept);
  expect(reads).toBeGreaterThan(20);
  await feed.close();
});

test("T-4.2.2.2-ZDR4: what was purged opens with no key that is left, from whatever copy of the table; with the keyring of before it does", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  await keep(contentOf(ctx), contentOf(other));
  // What a backup, the log or the table's freed space still has.
  const [pack] = await packsOf(ctx);
  const [row] = await sql`select * from scope_keys where organization_id = ${ctx.organizationId}`;
  const keyring = fs.readFileSync(keyringPlace());
  if (!pack || !row) throw new Error("Nothing was kept.");
  await sql`delete from contents where organization_id = ${ctx.organizationId}`;
  await destroyScopeKeys(operator(), [{ organizationId: ctx.organizationId, workspaceId: ctx.workspaceId }]);

  await sql`insert into scope_keys ${sql(row)}`;
  await expect(opened(ctx, pack)).rejects.toThrow("a ring that is not in the keyring");
  const [own] = await packsOf(other);
  expect(own && (await opened(other, own))).toBeTruthy();

  const now = fs.readFileSync(keyringPlace());
  fs.writeFileSync(keyringPlace(), keyring);
  expect(Object.keys(await opened(ctx, pack))).toEqual(pack.request_ids);
  fs.writeFileSync(keyringPlace(), now);
  await sql`delete from scope_keys where organization_id = ${ctx.organizationId}`;
});

test("a workspace whose key was destroyed gets another for what comes, also from a process that still had the one before", async () => {
  const ctx = await testWorkspace(db);
  const feed = await openChangeFeed(sql);
  const logs = [openContents(sql, feed, 1e9), openContents(sql, deafFeed, 1e9)];
  for (const log of logs) void log.keep(contentOf(ctx));
  await vi.waitUntil(async () => (await packsOf(ctx)).length === 2, { timeout: 10_000 });
  const before = await packsOf(ctx);
  await destroyScopeKeys(operator(), [{ ...ctx, workspaceId: null }]);
  for (const log of logs) void log.keep(contentOf(ctx));
  for (const log of logs) await log.close();
  await feed.close();
  const after = (await packsOf(ctx)).filter(({ id }) => !before.some((pack) => pack.id === id));
  expect(after).toHaveLength(2);
  for (const pack of after) expect(await opened(ctx, pack)).toBeTruthy();
  for (const pack of before) await expect(opened(ctx, pack)).rejects.toThrow();
});

test("T-4.2.2.1-D1, T-4.2.2.2-D1: an hour's packs open until its key is destroyed, and then nowhere, while the next hour's do", async () => {
  const ctx = await testWorkspace(db);
  const begun = new Date(Math.floor(now().getTime() / 3_600_000) * 3_600_000);
  await keep(contentOf(ctx, begun), contentOf(ctx, new Date(begun.getTime() - 1)));
  const packs = await sql<(Pack & { hour: string })[]>`select id, request_ids, sealed, hour from contents
    where organization_id = ${ctx.organizationId} order by hour`;
  const [old, young] = packs;
  if (!old || !young) throw new Error("Two hours share a pack.");
  const due = addDays(new Date(old.hour), 30);
  await turnHours(operator(new Date(due.getTime() - 1)));
  expect(await opened(ctx, old)).toBeTruthy();
  await turnHours(operator(due));
  await expect(opened(ctx, old)).rejects.toThrow("The key of this hour is gone");
  expect(await opened(ctx, young)).toBeTruthy();
});

test("rings are turned by night without a word to those who write", async () => {
  const ctx = await testWorkspace(db);
  const log = openContents(sql, deafFeed, 1e9);
  void log.keep(contentOf(ctx));
  await vi.waitUntil(async () => (await packsOf(ctx)).length === 1, { timeout: 10_000 });
  await turnRings(operator());
  void log.keep(contentOf(ctx));
  await log.close();
  const packs = await packsOf(ctx);
  expect(packs).toHaveLength(2);
  for (const pack of packs) expect(await opened(ctx, pack)).toBeTruthy();
});

test("what each workspace has of each hour is counted with what is stored, and goes with it", async () => {
  const ctx = await testWorkspace(db);
  const begun = now();
  await keep(contentOf(ctx, begun), contentOf(ctx, begun));
  await keep(contentOf(ctx, begun));
  const sums = () =>
    sql`select requests::int, bytes::int from content_sums where organization_id = ${ctx.organizationId}`;
  const [stored] = await sql`select sum(cardinality(request_ids))::int as requests, sum(length(sealed))::int as bytes
    from contents where organization_id = ${ctx.organizationId}`;
  expect(stored?.requests).toBe(3);
  expect([...(await sums())]).toEqual([stored]);
  await purgeContents(operator(addDays(begun, 30)));
  expect([...(await sums())]).toEqual([]);
});
