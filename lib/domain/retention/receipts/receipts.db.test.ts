import { createPublicKey, verify } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { deletionReceipts, receiptHeads } from "#db/schema/receipts.ts";
import { testDatabase } from "#db/testing.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { keyFrom } from "#lib/core/signing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { flawsOf, problemsOf } from "./checking/rules.ts";
import { type Deletion, issueReceipt } from "./commands.ts";
import { deletionReceipt, deletionReceiptList } from "./queries.ts";

const { db, sql } = await testDatabase();

const deletion: Deletion = {
  cause: "own",
  clause: "T-4.3-DEL1",
  workspaceId: null,
  targets: [{ kind: "agent", id: "ag_1" }],
  removed: [{ class: "agents", items: 1, bytes: 900, oldest: new Date(0), newest: new Date(1000) }],
};

async function chainOf({ organizationId }: OrganizationContext) {
  const [head] = await db.select().from(receiptHeads).where(eq(receiptHeads.organizationId, organizationId));
  const receipts = await db
    .select()
    .from(deletionReceipts)
    .where(eq(deletionReceipts.organizationId, organizationId))
    .orderBy(asc(deletionReceipts.sequence));
  return { receipts, head };
}

test("ZDR test 35: receipts written at the same time are one chain; what is taken back leaves no gap", async () => {
  const ctx = await testWorkspace(db);
  const failing = transaction(ctx, async (ctx) => {
    await issueReceipt(ctx, deletion);
    throw new Error("taken back");
  });
  await Promise.allSettled([failing, ...Array.from({ length: 12 }, () => issueReceipt(ctx, deletion))]);
  const { receipts, head } = await chainOf(ctx);
  expect(receipts.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
  expect(flawsOf(receipts, head)).toEqual([]);
  expect(flawsOf(receipts.slice(0, -1), head)).toEqual(["The end of the chain is missing."]);
  expect(flawsOf(receipts.toSpliced(4, 1), head)).toEqual(["A receipt before 6 is missing."]);
  const changed = receipts.with(3, {
    ...receipts[3],
    signed: receipts[3]?.signed.replace("900", "901") ?? "",
  } as never);
  expect(flawsOf(changed, head)).toEqual(["Receipt 4 was changed."]);
  expect(flawsOf([], head)).toEqual(["The end of the chain is missing."]);
});

test("ZDR test 35: a receipt is checked with its file alone; a byte of anything, or another key, fails", async () => {
  const ctx = await testWorkspace(db);
  const { file, body } = await deletionReceipt(ctx, await issueReceipt(ctx, deletion));
  expect(problemsOf(file)).toEqual([]);
  expect(body).toMatchObject({ sequence: 1, previous: null, organization: ctx.organizationId, keys_destroyed: 1 });
  const unreadable = new Date(ctx.now.getTime() + 8 * 86_400_000).toISOString();
  expect(body.unreadable_in_backups_from).toBe(unreadable);
  // As somebody would who has nothing but the file and a cryptography library.
  const spki = Buffer.from(
    `302a300506032b6570032100${Buffer.from(file.public_key, "base64url").toString("hex")}`,
    "hex",
  );
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  expect(verify(null, Buffer.from(file.signed), key, Buffer.from(file.signature, "base64url"))).toBe(true);
  for (let at = 0; at < file.signed.length; at += 7) {
    const signed = `${file.signed.slice(0, at)}~${file.signed.slice(at + 1)}`;
    expect(problemsOf({ ...file, signed })).toContain("The signature does not fit the text.");
  }
  const { id, publicKey } = keyFrom("another pepper");
  expect(problemsOf({ ...file, key_id: id, public_key: publicKey })).toEqual(["The signature does not fit the text."]);
  expect(problemsOf({ ...file, key_id: id })).toEqual(["The key's id is not that of the key."]);
  expect(problemsOf(file, [publicKey])).toEqual(["It is signed with a key that is not among those you trust."]);
});

test("receipts are evidence: not changed, not removed, not another organization's, and not a member's to read", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const id = await issueReceipt(ctx, deletion);
  await expect(sql`update deletion_receipts set signed = '{}' where id = ${id}`).rejects.toThrow("append-only");
  await expect(sql`delete from deletion_receipts where id = ${id}`).rejects.toThrow("append-only");
  await expect(sql`truncate deletion_receipts`).rejects.toThrow("append-only");
  await expect(deletionReceipt(other, id)).rejects.toMatchObject({ problem: "not_found" });
  expect(await deletionReceiptList(other, { limit: 10 })).toEqual([]);
  const member = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  await expect(deletionReceipt(member, id)).rejects.toMatchObject({ problem: "forbidden" });
  await issueReceipt(ctx, deletion);
  const [latest] = await deletionReceiptList(ctx, { limit: 1 });
  expect(latest?.body.sequence).toBe(2);
  expect((await deletionReceiptList(ctx, { before: 2, limit: 5 })).map(({ body }) => body.id)).toEqual([id]);
});
