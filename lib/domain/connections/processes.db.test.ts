import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { attemptsOf, connectSlack, reachLocal } from "#lib/testing/connections.ts";
import { kill, processesOf } from "#lib/testing/processes.ts";
import { ServiceServer } from "#lib/testing/service-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { restrictConnector } from "./restricting/commands.ts";

const { db, sql, url } = await testDatabase();
const chat = await new ServiceServer().start();
let processes: Awaited<ReturnType<typeof processesOf>>;

beforeAll(async () => {
  processes = await processesOf({ process: "lib/testing/event-process.ts" }, url);
});
afterAll(async () => {
  await processes.end();
  await chat.close();
});

let ctx: Context;
beforeEach(async () => {
  reachLocal();
  chat.reset();
  ctx = await testWorkspace(db);
});

async function worker(): Promise<ChildProcess> {
  const child = processes.start({ DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
  await once(child, "message");
  return child;
}

async function deliver(child: ChildProcess, deliveryId: string): Promise<void> {
  const done = once(child, "message");
  child.send({ organizationId: ctx.organizationId, deliveryId });
  await done;
}

/** An event that waits for the connection there is. */
async function event(): Promise<string> {
  const draft = { name: "Checkout", scopes: ["models:read"] as "models:read"[], models: null, addresses: null };
  const { id } = await createKey(ctx, { ...draft, expiresInDays: null });
  const [found] =
    await sql`select its.id from connection_deliveries as its join webhook_events as event on event.id = its.event_id
    where event.data ->> 'key_id' = ${id}`;
  return found?.id;
}

test("contract 43: T-4.2.1-TPS1: two workers that have just sent send nothing more from the commit that blocks the service on", async () => {
  const [first, second] = [await worker(), await worker()];
  await connectSlack(ctx, { url: chat.url });
  await deliver(first, await event());
  await deliver(second, await event());
  expect(chat.got).toHaveLength(3);
  const waiting = [await event(), await event()] as const;
  await restrictConnector(ctx, { connector: "slack", workspace: ctx.workspaceId, rule: "blocked" });
  await deliver(first, waiting[0]);
  await deliver(second, waiting[1]);
  expect(chat.got).toHaveLength(3);
  expect(await sql`select state, attempts from connection_deliveries where id in ${sql(waiting)}`).toEqual([
    { state: "failed", attempts: 0 },
    { state: "failed", attempts: 0 },
  ]);
});

test("contract 41: a worker that is killed with -9 after it sent is followed by one that sends the same once more, and counts it once", async () => {
  const id = await connectSlack(ctx, { url: chat.url });
  const [killed, next] = [await worker(), await worker()];
  const waiting = await event();
  const held = new Promise<void>((resolve) => {
    chat.fault = () => {
      resolve();
      return "held";
    };
  });
  killed.send({ organizationId: ctx.organizationId, deliveryId: waiting });
  await held;
  await kill(killed);
  expect(await attemptsOf(sql, id)).toEqual([]);
  chat.fault = () => undefined;
  await deliver(next, waiting);
  await deliver(next, waiting);
  expect(chat.got.slice(1).map(({ body }) => body)).toEqual(Array(2).fill(chat.got[1]?.body));
  expect(await sql`select state, attempts from connection_deliveries where id = ${waiting}`).toEqual([
    { state: "delivered", attempts: 1 },
  ]);
});
