import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql, url } = await testDatabase();
// Two processes, each with connections and a memory of its own.
const pools = [connect(url, 8).sql, connect(url, 8).sql];
const fronts = await Promise.all(
  pools.map((pool) => openV1(pool, { text: ["One", " after", " another", "."], delayMs: 30 })),
);
afterAll(async () => {
  for (const front of fronts) await front.close();
  for (const pool of pools) await pool.end();
});

const tables = ["contents", "conversations", "conversation_entries", "responses"] as const;
const asks = [
  { path: "/v1/chat/completions", body: { model: "small", messages: [{ role: "user", content: "Hello" }] } },
  { path: "/v1/fim/completions", body: { model: "small", prompt: "Hello" } },
  { path: "/v1/conversations", body: { model: "small", inputs: "Hello" } },
  { path: "/v1/responses", body: { model: "small", input: "Hello" } },
] as const;

const flags = {
  organization: ({ organizationId }: Context) =>
    sql`update organizations set zero_retention_since = now() where id = ${organizationId}`,
  workspace: ({ organizationId, workspaceId }: Context) => sql`update workspaces set zero_retention_since = now()
    where organization_id = ${organizationId} and id = ${workspaceId}`,
};

/** How many rows, and of the content log how many requests, an organization has in each place of content. */
async function stored({ organizationId }: Context): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const table of tables)
    counted[table] = (await sql`select from ${sql(table)} where organization_id = ${organizationId}`).length;
  const [sums] = await sql`select coalesce(sum(requests), 0)::int as requests from content_sums
    where organization_id = ${organizationId}`;
  return { ...counted, requests: sums?.requests as number };
}

/** Streams over both processes, of each kind, begun one after another; how many were answered. */
function streams(secret: string, count: number): Promise<number> {
  const all = Array.from({ length: count }, async (_, at) => {
    await new Promise((resolve) => setTimeout(resolve, at));
    const front = fronts[at % fronts.length];
    const { path, body } = asks[Math.floor(at / fronts.length) % asks.length] ?? asks[0];
    const answer = await front?.send(secret, "POST", path, { ...body, stream: true });
    await answer?.arrayBuffer();
    return answer?.status === 200 ? 1 : 0;
  });
  return Promise.all(all).then((ones: number[]) => ones.reduce((sum, one) => sum + one, 0));
}

test("help-zdr 6, T-4.2.2.2-ZDR4: the flag falls in the middle of 200 streams in two processes: nothing is stored after its commit", async () => {
  let busy = 0;
  const scopes = fc.constantFrom("organization" as const, "workspace" as const);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 260 }), scopes, async (ms, scope) => {
      const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
      // The tries come faster than a customer's.
      for (const { organizationId, now } of [ctx, other])
        await sql`insert into rate_overrides (organization_id, id, requests_per_second, source, reason, created_at, created_by)
          values (${organizationId}, ${`ovr_${organizationId.slice(4)}`}, 100000, 'staff', 'test', ${now}, 'test')`;
      const [under, control] = [streams(await keyOf(ctx), 200), streams(await keyOf(other), 40)];
      await new Promise((resolve) => setTimeout(resolve, ms));
      await flags[scope](ctx);
      const atCommit = await stored(ctx);
      const answered = await under;
      expect(await control).toBe(40);
      for (const front of fronts) await front.plane.meter.settled();
      // What waits to be stored is written in order, so the other organization's being there says that this one's was tried.
      await expect.poll(() => stored(other)).toMatchObject({ requests: 40, conversations: 20, responses: 10 });
      expect(await stored(ctx)).toEqual(atCommit);
      if (answered > (atCommit.requests ?? 0)) busy++;
    }),
    // One that fails is not made smaller: the instant is all there is of it.
    { numRuns: 4, endOnFailure: true },
  );
  expect(busy).toBeGreaterThan(0);
}, 180_000);
