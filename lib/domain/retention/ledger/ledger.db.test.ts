import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { dataLedger } from "./queries.ts";

const { db, sql } = await testDatabase();

/** The same numbers each run: a small linear congruence. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const momentOf = (text: unknown): Date | null => (text ? new Date(String(text)) : null);

async function fill(ctx: Context, seed: number): Promise<void> {
  const next = numbers(seed);
  const { organizationId, workspaceId } = ctx;
  const hours = Math.floor(next() * 40);
  for (let hour = 0; hour < hours; hour++)
    await sql`insert into content_sums values (${organizationId}, ${workspaceId},
      date_trunc('hour', ${addMinutes(ctx.now, -60 * hour)}::timestamptz, 'UTC'), ${Math.floor(next() * 1e6)}, ${Math.floor(next() * 1e9)})`;
  for (let left = Math.floor(next() * 20); left > 0; left--)
    await sql`insert into conversations (organization_id, id, workspace_id, owner_id, model, created_at, updated_at)
      values (${organizationId}, ${newId("conversation", ctx.now)}, ${workspaceId}, ${ctx.actor.id}, 'm',
        ${addMinutes(ctx.now, -Math.floor(next() * 1e5))}, now())`;
}

test("help-zdr 25: the ledger says what the database counts, of whatever there is and of no one else", async () => {
  const places = await Promise.all(Array.from({ length: 12 }, () => testWorkspace(db)));
  for (const [seed, ctx] of places.entries()) await fill(ctx, seed + 1);
  for (const ctx of places) {
    const { organizationId } = ctx;
    const rows = await dataLedger(ctx);
    const of = (name: string) => rows.find((row) => row.class === name);
    const [log] =
      await sql`select coalesce(sum(requests), 0)::float8 as items, coalesce(sum(bytes), 0)::float8 as bytes,
      min(hour) as oldest from content_sums where organization_id = ${organizationId}`;
    expect(of("content-log")).toMatchObject({ items: log?.items, bytes: log?.bytes, oldest: momentOf(log?.oldest) });
    const [talks] = await sql`select count(*)::int as items, min(created_at) as oldest from conversations
      where organization_id = ${organizationId}`;
    expect(of("conversations")).toMatchObject({ items: talks?.items, oldest: momentOf(talks?.oldest) });
    const [members] = await sql`select count(*)::int as count from members where organization_id = ${organizationId}`;
    expect(of("settings")?.items).toBeGreaterThanOrEqual(members?.count);
  }
});
