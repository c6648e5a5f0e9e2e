import { afterAll, expect, test } from "vitest";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import { setWebOrigins } from "#lib/domain/organizations/web-origins/commands.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { openWebOrigins } from "./web-origins.ts";

const { db, sql, url } = await testDatabase();
const other = connect(url);
const changes = await openChangeFeed(other.sql);
const listed = await openWebOrigins(other.sql, changes);
afterAll(async () => {
  await listed.close();
  await changes.close();
  await other.sql.end();
});
const soon = { interval: 10, timeout: 5000 };

test("the operator's list is read in any spelling, and all origins are one that all keys are open to", async () => {
  const named = await openWebOrigins(other.sql, changes, "https://App.example:443, http://intranet:8080");
  expect(
    ["https://app.example", "http://intranet:8080", "https://app.example:8443"].map(named.isOpenToEveryKey.bind(named)),
  ).toEqual([true, true, false]);
  const all = await openWebOrigins(other.sql, changes, "*");
  expect([all.isEmpty(), all.isOpenToEveryKey("https://any.example"), all.isListed("null")]).toEqual([
    false,
    true,
    true,
  ]);
  expect([listed.isEmpty(), listed.isListed("https://app.example")]).toEqual([true, false]);
});

test("what changed while the line to the database was down is known once it is back", async () => {
  const ctx = await testWorkspace(db);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()`;
  await setWebOrigins(ctx, { origins: ["https://missed.example"] });
  await expect.poll(() => listed.isListed("https://missed.example"), soon).toBe(true);
});

test("a list that could not be read is read again when a page asks, and until then the former one is used", async () => {
  const ctx = await testWorkspace(db);
  await setWebOrigins(ctx, { origins: ["https://former.example"] });
  await expect.poll(() => listed.isListed("https://former.example"), soon).toBe(true);
  const log = catchErrorLog();
  await sql`alter table organizations rename column web_origins to elsewhere`;
  await sql`update organizations set elsewhere = '{https://later.example}' where id = ${ctx.organizationId}`;
  await expect.poll(() => log.lines.join(), soon).toContain("gate.origins");
  expect([listed.isListed("https://former.example"), listed.isListed("https://later.example")]).toEqual([true, false]);
  await sql`alter table organizations rename column elsewhere to web_origins`;
  await expect.poll(() => listed.isListed("https://later.example"), soon).toBe(true);
  log.restore();
});
