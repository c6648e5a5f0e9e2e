import { expect, test } from "vitest";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { testDatabase } from "./testing.ts";

const { db, sql } = await testDatabase();

const agreementsOf = (organization: string) =>
  sql`select number, starts_at, ended_at from agreements where organization_id = ${organization} order by number`;

test("T-1-EFF: the first agreement begins with the first use, and an acceptance or a later use does not move it", async () => {
  const { organizationId } = await testWorkspace(db);
  await sql`delete from agreements where organization_id = ${organizationId}`;
  await sql`update organizations set first_use_at = '2026-03-01T10:00:00Z' where id = ${organizationId}`;
  await sql`update organizations set first_use_at = '2026-04-01T10:00:00Z' where id = ${organizationId}`;
  const [first, ...more] = await agreementsOf(organizationId);
  expect(first).toMatchObject({ number: 1, ended_at: null });
  expect(new Date(first?.starts_at as string).toISOString()).toBe("2026-03-01T10:00:00.000Z");
  expect(more).toEqual([]);
});
