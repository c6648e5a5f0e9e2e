import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { setWebOrigins } from "./commands.ts";
import { webPages } from "./queries.ts";

const { db, sql } = await testDatabase();
const changes = async (id: string) =>
  (
    await sql`select before, after from audit_events
      where organization_id = ${id} and action = 'organization.change-web-origins' order by sequence`
  ).map((row) => ({ ...row }));

test("an admin sets the origins of an organization; saving the same again changes nothing", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const origins = ["https://app.example", "https://www.example"];
  for (const _time of [1, 2]) await setWebOrigins(ctx, { origins });
  expect(await webPages(ctx)).toEqual({ origins, keys: 0 });
  await setWebOrigins(ctx, { origins: [] });
  expect(await changes(ctx.organizationId)).toEqual([
    { before: { origins: [] }, after: { origins } },
    { before: { origins }, after: { origins: [] } },
  ]);
  expect(await webPages(other)).toEqual({ origins: [], keys: 0 });
});

test("of two who save at the same time, each sees what the other left", async () => {
  const ctx = await testWorkspace(db);
  const lists = [["https://a.example"], ["https://b.example"], ["https://c.example"]];
  await Promise.all(lists.map((origins) => setWebOrigins(ctx, { origins })));
  const rows = await changes(ctx.organizationId);
  expect(rows).toHaveLength(3);
  for (const [index, { before }] of rows.entries())
    expect(before).toEqual(index === 0 ? { origins: [] } : rows[index - 1]?.after);
});

test("others see the origins, and are refused in words", async () => {
  const ctx = await testWorkspace(db);
  const dev = await testWorkspace(db, { within: ctx, roles: ["dev", "workspace_admin"] });
  await expect(setWebOrigins(dev, { origins: [] })).rejects.toMatchObject({ problem: "forbidden" });
  expect(await webPages(dev)).toEqual({ origins: [], keys: 0 });
});
