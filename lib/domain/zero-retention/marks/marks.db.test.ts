import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { publishMarks } from "./commands.ts";
import type { Mark } from "./rules.ts";

const { db, sql } = await testDatabase();
const mark = (upstream: string, ...models: string[]): Mark => ({
  upstream,
  since: "2026-01-01",
  basis: "It is a part of this test.",
  models,
});
const publish = (...marks: Mark[]) => publishMarks(systemAt(db, now()), marks);

const letters = async ({ organizationId }: Context) => {
  const rows =
    await sql`select kind, clause, subject, text from letters where organization_id = ${organizationId} order by id`;
  return rows as unknown as { kind: string; clause: string; subject: string; text: string }[];
};

test("T-4.2.2.2-ZDR4: where it is no longer said of an upstream that it keeps nothing, whoever is under zero retention is told once, and no one else", async () => {
  const [whole, part, other] = [await testWorkspace(db), await testWorkspace(db), await testWorkspace(db)];
  await sql`update organizations set zero_retention_since = now() where id = ${whole.organizationId}`;
  await sql`update workspaces set zero_retention_since = now() where id = ${part.workspaceId}`;
  await publish(mark("alpha", "one", "two"), mark("beta", "two"));
  expect(await letters(whole)).toEqual([]);
  await Promise.all([publish(mark("beta", "two")), publish(mark("beta", "two"))]);
  for (const ctx of [whole, part]) {
    const told = await letters(ctx);
    expect(told).toMatchObject([{ kind: "retention.zero-upstream", clause: "T-4.2.2.2-ZDR4" }]);
    expect(told[0]?.text).toContain("alpha");
    expect(told[0]?.text).toMatch(/no longer answered under zero retention: one\./);
  }
  expect(await letters(other)).toEqual([]);
  // What comes back and goes again is told again.
  await publish(mark("alpha", "two"), mark("beta", "two"));
  await publish(mark("beta", "two"));
  const [, again] = await letters(whole);
  expect(again?.text).toContain("Every model is still answered by another upstream that keeps nothing.");
  const rows = await sql`select upstream, lost_at is not null as is_lost from upstream_marks order by upstream`;
  expect(rows).toMatchObject([
    { upstream: "alpha", is_lost: true },
    { upstream: "beta", is_lost: false },
  ]);
});
