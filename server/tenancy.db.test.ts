import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import { isTaken, Tenancy } from "./tenancy.ts";

const { sql, url } = await testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-tenancy-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Ends the connection that holds the lock, as time, a crash or an operator does. */
const cut = () =>
  sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 727002 and pid <> pg_backend_pid()`;

test("a lock of the session is on a connection that the driver never replaces", () => {
  const { sql: one } = connect(url, 1);
  const { sql: many } = connect(url, 2);
  expect(one.options.max_lifetime).toBeNull();
  expect(many.options.max_lifetime).not.toBeNull();
});

test("a folder is one server's until it leaves; the next is told who has it", async () => {
  const first = await Tenancy.take(url, folder);
  first.note({ url: "http://localhost:1", consolePid: undefined, front: [] });
  await expect(Tenancy.take(url, folder)).rejects.toThrow(`(process ${process.pid}, http://localhost:1)`);
  expect(await isTaken(url, folder)).toBe(true);
  await first.leave();
  expect(await isTaken(url, folder)).toBe(false);
});

test("a server that loses its lock is still not taken for dead, and takes it again", async () => {
  const server = await Tenancy.take(url, folder);
  server.note({ url: "http://localhost:1", consolePid: undefined, front: [] });
  await cut();
  // A command at the terminal asks just now, before the server has noticed.
  expect(await isTaken(url, folder)).toBe(true);
  await expect.poll(() => server.keep().catch(() => false)).toBe(true);
  fs.rmSync(path.join(folder, "server.json"));
  expect(await isTaken(url, folder)).toBe(true);
  await server.leave();
});

test("a server whose lock another one has taken is told so", async () => {
  const server = await Tenancy.take(url, folder);
  await cut();
  const faster = await Tenancy.take(url, folder);
  await expect.poll(() => server.keep().catch(() => undefined)).toBe(false);
  await faster.leave();
  await server.leave();
});
