import { and, desc, eq, lt } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { deletionReceipts, receiptKeys } from "#db/schema/receipts.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { signingKey } from "#lib/core/signing.ts";
import { bodyOf, type ReceiptBody, type ReceiptFile } from "./rules.ts";

export type Receipt = { body: ReceiptBody; file: ReceiptFile };

const shown = {
  signed: deletionReceipts.signed,
  signature: deletionReceipts.signature,
  keyId: deletionReceipts.keyId,
  publicKey: receiptKeys.publicKey,
};
type Row = { signed: string; signature: string; keyId: string; publicKey: string };

const receiptOf = ({ signed, signature, keyId, publicKey }: Row): Receipt => ({
  body: bodyOf({ signed }),
  file: { signed, signature, key_id: keyId, public_key: publicKey },
});

/** Receipts of the organization's deletions, the latest first, from before one of them. */
export async function deletionReceiptList(
  ctx: OrganizationContext,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<Receipt[]> {
  authorize(ctx.actor, "privacy.read");
  const earlier = before === undefined ? undefined : lt(deletionReceipts.sequence, before);
  const rows = await ctx.db
    .select(shown)
    .from(deletionReceipts)
    .innerJoin(receiptKeys, eq(receiptKeys.id, deletionReceipts.keyId))
    .where(and(eq(deletionReceipts.organizationId, ctx.organizationId), earlier))
    .orderBy(desc(deletionReceipts.sequence))
    .limit(limit);
  return rows.map(receiptOf);
}

export async function deletionReceipt(ctx: OrganizationContext, id: Id<"deletionReceipt">): Promise<Receipt> {
  authorize(ctx.actor, "privacy.read");
  const [row] = await ctx.db
    .select(shown)
    .from(deletionReceipts)
    .innerJoin(receiptKeys, eq(receiptKeys.id, deletionReceipts.keyId))
    .where(and(eq(deletionReceipts.organizationId, ctx.organizationId), eq(deletionReceipts.id, id)));
  if (!row) throw new AppError("not_found", "There is no such receipt in this organization.");
  return receiptOf(row);
}

/** Every public key that receipts were signed with, the one in use first: anyone may know them. */
export async function publicReceiptKeys(ctx: AccountContext): Promise<{ id: string; publicKey: string }[]> {
  authorize(ctx.actor, "account.open");
  const { id, publicKey } = signingKey();
  const rows = await ctx.db
    .select({ id: receiptKeys.id, publicKey: receiptKeys.publicKey })
    .from(receiptKeys)
    .orderBy(desc(receiptKeys.since));
  return [{ id, publicKey }, ...rows.filter((row) => row.id !== id)];
}
