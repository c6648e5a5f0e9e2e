import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { agentFilter } from "#lib/domain/agents/builder/input.ts";
import { agentsOf } from "#lib/domain/agents/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { agentPage } from "./queries.ts";

const { db, sql } = await testDatabase();
let owner: Context;
let colleague: Context;

/** Half of them drafts, which only their builders see; every fifth restricted. */
beforeAll(async () => {
  owner = await testWorkspace(db, { roles: ["dev"] });
  colleague = await testWorkspace(db, { within: owner, roles: ["user"] });
  const { organizationId, workspaceId, actor, now } = owner;
  await sql`insert into agents (organization_id, id, workspace_id, owner_id, name, handle, skeleton, color, visibility, source, version, unsealed,
      created_at, updated_at)
    select ${organizationId}, 'agt_' || lpad(n::text, 26, '0'), ${workspaceId}, ${actor.id}, case n when 8 then '50%_bot' else 'Agent ' || n % 20 end,
      'agent-' || n, 'agent-' || n, 'teal', case when n % 5 = 0 then 'restricted' else 'workspace' end, 'agent_builder_v1',
      case when n % 2 = 0 then 0 end, case when n % 2 = 1 then '{}'::json end, ${now}, ${now}::timestamptz - (n % 30) * interval '1 minute'
    from generate_series(1, 210) as n`;
});

const page = (as: Context, asked: object = {}) => agentPage(as, agentFilter.parse(asked));

async function walk(as: Context, asked: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const at = await page(as, { ...asked, after });
    ids.push(...at.rows.map(({ id }) => id));
    if (at.after === null) return ids;
    after = at.after;
  }
}

test.each(["name", "-name", "owner", "updated", "-updated"])(
  "sorted by %s, the pages have exactly what can be seen",
  async (sort) => {
    for (const reader of [owner, colleague]) {
      const seen = (await agentsOf(reader)).map(({ id }) => id);
      expect((await walk(reader, { sort })).toSorted()).toEqual(seen.toSorted());
    }
  },
);

test("what is not shared is not there: not in a search, not in a count", async () => {
  const [all, shared] = [await page(owner), await page(colleague)];
  expect([all.total, shared.total]).toEqual([210, 84]);
  expect((await page(colleague, { q: "agent-15" })).rows.map(({ handle }) => handle)).not.toContain("agent-15");
  const stranger = await testWorkspace(db);
  expect(await page(stranger, { q: "Agent" })).toMatchObject({ rows: [], total: 0 });
});

test("is searched by name, handle and owner, and filtered by state and owner", async () => {
  const handles = async (asked: object) => (await page(owner, asked)).rows.map(({ handle }) => handle);
  expect(await handles({ q: "%_" })).toEqual(["agent-8"]);
  expect(await handles({ q: "@agent-210" })).toEqual(["agent-210"]);
  expect((await page(owner, { q: "test person" })).total).toBe(210);
  expect((await page(owner, { state: "draft" })).total).toBe(105);
  expect((await page(owner, { owner: "me" })).total).toBe(210);
  expect((await page(colleague, { owner: "me" })).total).toBe(0);
});
