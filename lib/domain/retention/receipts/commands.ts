import { eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { deletionReceipts, receiptHeads, receiptKeys } from "#db/schema/receipts.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { addDays } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { signingKey, signText } from "#lib/core/signing.ts";
import type { Purged } from "#lib/domain/retention/purge/commands.ts";
import type { ReceiptBody, ReceiptCause, ReceiptServer } from "./rules.ts";

export type Deletion = {
  cause: ReceiptCause;
  clause: ClauseId;
  workspaceId: Id<"workspace"> | null;
  targets?: ReceiptBody["targets"];
  askedAt?: Date;
  dueAt?: Date;
  removed: readonly Omit<Purged, "recount">[];
  /** Servers that had what was deleted, and since when each has dropped it or still has it. */
  servers?: readonly (Omit<ReceiptServer, "since"> & { since: Date })[];
};

/** What has keys of its own outside of backups, one for each item; the content log's are of hours and workspaces. */
const keyed: readonly string[] = ["conversations", "agents"];
const isSealed = (name: string): boolean => name === "content-log" || keyed.includes(name);

const text = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;

/**
 * Writes the signed receipt of a deletion, in the deletion's own transaction where there is one, and says its id. Receipts of
 * an organization form a chain, so the head of it stays locked until that transaction ends.
 */
export const issueReceipt = part(
  async (ctx: OrganizationContext, deletion: Deletion): Promise<Id<"deletionReceipt">> =>
    transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      const head = await nextLink(ctx);
      const id = newId("deletionReceipt", ctx.now);
      const signed = JSON.stringify(bodyWith(ctx, deletion, { id, ...head }));
      const hash = sha256(signed);
      const { id: keyId, publicKey } = signingKey();
      await ctx.db.insert(receiptKeys).values({ id: keyId, publicKey, since: ctx.now }).onConflictDoNothing();
      const receipt = { organizationId, id, sequence: head.sequence, at: ctx.now, signed, hash, keyId };
      await ctx.db.insert(deletionReceipts).values({ ...receipt, signature: signText(signed) });
      await ctx.db.update(receiptHeads).set({ hash }).where(eq(receiptHeads.organizationId, organizationId));
      return id;
    }),
);

type Link = { sequence: number; previous: string | null };

async function nextLink({ db, organizationId }: OrganizationContext): Promise<Link> {
  const [head] = await db
    .insert(receiptHeads)
    .values({ organizationId, sequence: 1, hash: "" })
    .onConflictDoUpdate({ target: receiptHeads.organizationId, set: { sequence: sql`${receiptHeads.sequence} + 1` } })
    .returning();
  return { sequence: head?.sequence ?? 1, previous: head?.hash || null };
}

const bodyWith = (ctx: OrganizationContext, deletion: Deletion, link: Link & { id: string }): ReceiptBody => ({
  format: "comptoir-deletion-receipt/1",
  id: link.id,
  organization: ctx.organizationId,
  sequence: link.sequence,
  previous: link.previous,
  cause: deletion.cause,
  clause: deletion.clause,
  workspace: deletion.workspaceId,
  targets: deletion.targets ?? [],
  asked_at: text(deletion.askedAt),
  due_at: text(deletion.dueAt),
  done_at: ctx.now.toISOString(),
  removed: deletion.removed.map(({ class: name, items, bytes, oldest, newest }) => ({
    class: name,
    items,
    bytes,
    oldest: text(oldest),
    newest: text(newest),
    recount: 0,
  })),
  keys_destroyed: deletion.removed.reduce((sum, { class: name, items }) => sum + (keyed.includes(name) ? items : 0), 0),
  // The night after the last backup that may be put back, the ring that wraps their keys is gone.
  unreadable_in_backups_from: deletion.removed.some(({ class: name }) => isSealed(name))
    ? text(addDays(ctx.now, env().BACKUP_DAYS + 1))
    : null,
  issuer: env().PROVIDER_NAME,
  ...(deletion.servers &&
    deletion.servers.length > 0 && {
      servers: deletion.servers.map(({ server, adapter, state, since }) => ({
        server,
        adapter,
        state,
        since: since.toISOString(),
      })),
    }),
});
