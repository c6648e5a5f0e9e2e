import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { deletionReceipts, receiptHeads } from "#db/schema/receipts.ts";
import { testDatabase } from "#db/testing.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { flawsOf } from "#lib/domain/retention/receipts/checking/rules.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { copyReceipts, refuseForgotten, replayReceipts } from "./commands.ts";

const { db, sql } = await testDatabase();
const system = () => systemContext("test");
const settled = async (): Promise<void> => {
  while ((await copyReceipts(system())) > 0);
};

/** The tables that a deletion changes, as they were, put back as restoring a backup does. */
async function backup() {
  const names = ["agents", "agent_versions", "agent_receipts", "deletion_receipts", "receipt_heads"];
  const kept = new Map(
    await Promise.all(names.map(async (name) => [name, await sql`select * from ${sql(name)}`] as const)),
  );
  return () =>
    sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      for (const [name, rows] of kept) {
        await tx`delete from ${tx(name)}`;
        for (const row of rows) await tx`insert into ${tx(name)} ${tx(row)}`;
      }
    });
}

const hasAgent = async (id: string): Promise<boolean> => (await sql`select from agents where id = ${id}`).length > 0;
async function flaws({ organizationId }: OrganizationContext): Promise<string[]> {
  const receipts = await db.select().from(deletionReceipts).where(eq(deletionReceipts.organizationId, organizationId));
  const [head] = await db.select().from(receiptHeads).where(eq(receiptHeads.organizationId, organizationId));
  return flawsOf(
    receipts.toSorted((a, b) => a.sequence - b.sequence),
    head,
  );
}

test("ZDR test 12: a backup that is put back serves nothing until what was deleted since is deleted again", async () => {
  const ctx = await testWorkspace(db);
  const [first, second, kept] = [await testAgent(db, ctx), await testAgent(db, ctx), await testAgent(db, ctx)];
  await deleteAgent(ctx, { agent: first });
  await settled();
  await refuseForgotten(system());
  const restore = await backup();
  await deleteAgent(ctx, { agent: second });
  await issueReceipt(ctx, {
    cause: "zero-retention",
    clause: "T-4.2.2.2-ZDR3",
    workspaceId: ctx.workspaceId,
    removed: [],
  });
  await settled();
  await refuseForgotten(system());
  await restore();
  expect(await hasAgent(second)).toBe(true);
  await expect(refuseForgotten(system())).rejects.toThrow("2 deletions that were made after it");
  const replayed = await replayReceipts(system());
  expect(replayed.map(({ cause }) => cause)).toEqual(["own", "zero-retention"]);
  expect([await hasAgent(second), await hasAgent(kept)]).toEqual([false, true]);
  const [flagged] = await sql`select zero_retention_since from workspaces where id = ${ctx.workspaceId}`;
  expect(flagged?.zero_retention_since).not.toBeNull();
  await refuseForgotten(system());
  expect(await replayReceipts(system())).toEqual([]);
  expect(await flaws(ctx)).toEqual([]);
});

test("ZDR test 12: copies of another database are left alone, and a copy that was changed stops the replay", async () => {
  const ctx = await testWorkspace(db);
  const id = await issueReceipt(ctx, { cause: "own", clause: "T-4.3-DEL1", workspaceId: null, removed: [] });
  await settled();
  const day = ctx.now.toISOString().slice(0, 10);
  const foreign = "org_0000000000000000000000000z";
  await storage().write(`receipts/${day}/${foreign}/0000000001-rcp_x.json`, [Buffer.from("{}")]);
  await refuseForgotten(system());
  const forged = `receipts/${day}/${ctx.organizationId}/0000000002-rcp_y.json`;
  const [row] = await sql`select signed, signature, key_id, public_key from deletion_receipts
    join receipt_keys on receipt_keys.id = key_id where deletion_receipts.id = ${id}`;
  const signed = String(row?.signed).replace('"removed":[]', '"removed":[{"class":"agents"}]');
  await storage().write(forged, [Buffer.from(JSON.stringify({ ...row, signed }))]);
  await expect(replayReceipts(system())).rejects.toThrow("The signature does not fit the text");
  await storage().remove(forged);
});
