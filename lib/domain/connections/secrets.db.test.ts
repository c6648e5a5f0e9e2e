import fs from "node:fs";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { keyringPlace, readKeyring } from "#lib/core/keyring/keyring.ts";
import { ringIdOf } from "#lib/core/keyring/lasting.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { renewKeyring, settleKeyring, turnRings } from "#lib/domain/retention/keyring/commands.ts";
import { asWorker, connectSlack, deliverQueued, reachLocal } from "#lib/testing/connections.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { ServiceServer } from "#lib/testing/service-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { disconnectService, testConnection } from "./commands.ts";
import { changeConnection } from "./connecting/commands.ts";
import { changeConnectionInput } from "./input.ts";
import { secretOf } from "./queries.ts";

const { db, sql } = await testDatabase();
const chat = await new ServiceServer().start();
afterAll(() => chat.close());
const canary = "very-secret-path-c4n4ry";

let ctx: Context;
beforeEach(async () => {
  reachLocal();
  chat.reset();
  await sql`delete from graphile_worker._private_jobs`;
  ctx = await testWorkspace(db);
});

const house = () => ({ ...systemContext("test"), db });
const url = () => `${chat.url}/services/${canary}`;

test("contract 43: the secret of a connection is in no row, answer, audit row, attempt, letter or log, however it fails", async () => {
  const log = catchErrorLog();
  const id = await connectSlack(ctx, { url: url() });
  chat.fault = (call) => (call === 2 ? 500 : call === 3 ? "lost-reply" : call === 4 ? 403 : undefined);
  const answers: unknown[] = [];
  answers.push(await testConnection(ctx, { id }), await testConnection(ctx, { id }), await testConnection(ctx, { id }));
  await createKey(ctx, { name: "x", scopes: ["models:read"], models: null, addresses: null, expiresInDays: null });
  await deliverQueued(sql);
  log.restore();
  const tables =
    await sql`select schemaname || '.' || tablename as tablename from pg_tables where schemaname in ('public', 'graphile_worker')`;
  expect(tables.length).toBeGreaterThan(100);
  for (const { tablename: table } of tables) {
    const found = await sql.unsafe(`select count(*)::int as n from ${table} as its
      where its::text like '%${canary}%' or its::text like '%${Buffer.from(canary).toString("hex")}%'`);
    expect(found[0]?.n, table).toBe(0);
  }
  expect(JSON.stringify([answers, log.lines])).not.toContain(canary);
  // The same search finds what is there.
  expect((await sql`select count(*)::int as n from connections as its where its::text like '%#ops%'`)[0]?.n).toBe(1);
});

test("T-4.2.1-TPS1: a secret opens under its own connection alone, and is destroyed when that is disconnected", async () => {
  const [id, other] = [await connectSlack(ctx, { url: url() }), await connectSlack(ctx, { url: `${url()}2` })];
  expect(await secretOf(asWorker(ctx), id)).toEqual({ secretUrl: url() });
  await expect(secretOf(ctx, id)).rejects.toMatchObject({ problem: "forbidden" });
  await sql`update connections set sealed_secret = (select sealed_secret from connections where id = ${other}),
    sealed_key = (select sealed_key from connections where id = ${other}) where id = ${id}`;
  await expect(secretOf(asWorker(ctx), id)).rejects.toThrow();
  await sql`delete from connections where id = ${id}`;
  await disconnectService(ctx, { id: other });
  expect(await sql`select sealed_key, sealed_secret, last4, state from connections where id = ${other}`).toEqual([
    { sealed_key: null, sealed_secret: null, last4: null, state: "disconnected" },
  ]);
  await expect(secretOf(asWorker(ctx), other)).rejects.toMatchObject({ problem: "not_found" });
});

test("rotated, the keys of connections are under another ring and their secrets are the same bytes", async () => {
  await settleKeyring(house());
  const id = await connectSlack(ctx, { url: url() });
  const sealed = async () =>
    (await sql`select sealed_key, encode(sealed_secret, 'hex') as secret from connections where id = ${id}`)[0];
  const before = await sealed();
  await turnRings(house());
  const after = await sealed();
  expect(after?.secret).toBe(before?.secret);
  expect(ringIdOf(after?.sealed_key)).not.toBe(ringIdOf(before?.sealed_key));
  expect(ringIdOf(after?.sealed_key)).toBe((await readKeyring())?.durable[0]?.id);
  expect(await secretOf(asWorker(ctx), id)).toEqual({ secretUrl: url() });
});

test("a keyring that is lost leaves connections that a person connects again", async () => {
  await settleKeyring(house());
  const id = await connectSlack(ctx, { url: url() });
  fs.rmSync(keyringPlace());
  await renewKeyring(house());
  expect((await sql`select state, sealed_key from connections where id = ${id}`)[0]).toEqual({
    state: "needs_reconnect",
    sealed_key: null,
  });
  const again = { id, connector: "slack", name: "#ops", secretUrl: url(), events: ["api_key.created"] };
  await changeConnection(ctx, changeConnectionInput.parse(again));
  expect(await secretOf(asWorker(ctx), id)).toEqual({ secretUrl: url() });
});
