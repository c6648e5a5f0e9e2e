import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { keyring } from "#lib/core/keyring/keyring.ts";
import { seal } from "#lib/core/secrets.ts";
import { purgedClasses, type RetentionClassName, retentionClasses } from "#lib/domain/retention/classes/rules.ts";
import { classifiedTables } from "#lib/domain/retention/columns/rules.ts";
import { settleKeyring } from "#lib/domain/retention/keyring/commands.ts";
import { measure } from "#lib/domain/retention/stores/commands.ts";
import type { Scope } from "#lib/domain/retention/stores/view.ts";
import { testWorld } from "#lib/testing/world.ts";
import { systemContext } from "#server/system-context.ts";
import { purgeScope } from "./commands.ts";

const { db, sql } = await testDatabase();
const world = await testWorld(db, sql);
const [one, beside, foreign] = world.places;
const [ctx] = world.people;
if (!one || !beside || !foreign || !ctx) throw new Error("The world is empty.");

for (const { organizationId, workspaceId, request } of world.places) {
  await sql`insert into content_sums values (${organizationId}, ${workspaceId}, date_trunc('hour', now(), 'UTC'), 2, 100)`;
  await sql`insert into scope_keys values (${organizationId}, ${workspaceId}, ${`sck_${workspaceId}`}, 'gone', '', now())`;
  await sql`insert into contents (organization_id, hour, id, workspace_id, request_ids, training_eligible, sealed)
    values (${organizationId}, date_trunc('hour', now(), 'UTC'), ${request}, ${workspaceId}, ${[request, `${request}x`]}, false,
      ${seal(Buffer.from("what was said"), request)})`;
  await sql`insert into abuse_flags (organization_id, id, at, source, category, workspace_id, request_id, model, score)
    values (${organizationId}, ${`abf_${workspaceId}`}, now(), 'model', 'fraud', ${workspaceId}, ${request}, 'judge', 1)`;
}

const names = Object.keys(retentionClasses) as RetentionClassName[];
async function counts(scope: Scope) {
  const counted = names.map(
    async (name) => [name, await measure(ctx as (typeof world.people)[number], name, scope)] as const,
  );
  return Object.fromEntries(await Promise.all(counted));
}

const organizationOf = ({ organizationId }: Scope): Scope => ({ organizationId, workspaceId: null });
/** Tables with a column of content, which is where a purge must leave nothing. */
const contentTables = Object.keys(classifiedTables).filter((table) => classifiedTables[table]?.content);

test("T-4.2.2.2-ZDR3 (8): a purge of a workspace counts what it removes, all of it, and nothing beside it", async () => {
  const around = async () => [await counts(beside), await counts(organizationOf(foreign))];
  const [before, others] = [await counts(one), await around()];
  expect(before["content-log"]).toMatchObject({ items: 2 });
  for (const name of purgedClasses) expect(before[name]?.items, name).toBeGreaterThan(0);
  const purged = await purgeScope(ctx, one);
  expect(purged).toEqual(purgedClasses.map((name) => ({ class: name, ...before[name], recount: 0 })));
  const after = await counts(one);
  for (const name of names)
    expect(after[name], name).toEqual(
      purgedClasses.includes(name) ? { items: 0, bytes: 0, oldest: null, newest: null } : before[name],
    );
  expect(await around()).toEqual(others);
  expect((await purgeScope(ctx, one)).map(({ items }) => items)).toEqual(purgedClasses.map(() => 0));
});

test("T-4.2.2.2-ZDR3 (8): after a purge of an organization no table has content of it, and all others' is there", async () => {
  const [before] = await Promise.all([counts(organizationOf(foreign))]);
  await purgeScope(ctx, organizationOf(one));
  expect(contentTables.length).toBeGreaterThan(4);
  for (const table of [...contentTables, "content_sums", "scope_keys"]) {
    const rows = await sql`select from ${sql(table)} where organization_id = ${one.organizationId}`;
    expect(rows.length, table).toBe(0);
  }
  expect(await counts(organizationOf(foreign))).toEqual(before);
});

test("T-4.2.2.2-ZDR3 (11): a purge by a job destroys the keys too, so the ring that wrapped them is gone", async () => {
  const operator = { ...systemContext("test"), db };
  await settleKeyring(operator);
  const { content } = await keyring();
  await purgeScope(operator, beside);
  expect((await keyring()).content.id).not.toBe(content.id);
  expect((await keyring()).contentBefore).toBeNull();
});
