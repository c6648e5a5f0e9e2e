import type { Id } from "#db/id.ts";
import { newId } from "#db/id.ts";
import { type LedgerAccount, ledgerEntries, ledgerTransactions } from "#db/schema/ledger.ts";
import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { Entries } from "./rules.ts";

type Posting = {
  kind: string;
  /** What this may happen once for. */
  key: string;
  entries: Entries;
  invoiceId?: Id<"invoice">;
  paymentId?: Id<"payment">;
};

/**
 * Writes one event of money in the caller's transaction; false when its key is there already and nothing was written.
 * Accounts that nothing happens to are left out. The database refuses what does not sum to zero.
 */
export const postEntries = part(
  async (ctx: OrganizationContext, { kind, key, entries, invoiceId, paymentId }: Posting): Promise<boolean> => {
    const { organizationId } = ctx;
    const rows = (Object.entries(entries) as [LedgerAccount, bigint][]).filter(([, amount]) => amount !== 0n);
    if (rows.length === 0) return true;
    const [posted] = await ctx.db
      .insert(ledgerTransactions)
      .values({
        organizationId,
        id: newId("ledgerTransaction", ctx.now),
        kind,
        key,
        invoiceId: invoiceId ?? null,
        paymentId: paymentId ?? null,
        effectiveAt: ctx.now,
        createdBy: ctx.actor.id,
      })
      .onConflictDoNothing({ target: [ledgerTransactions.organizationId, ledgerTransactions.key] })
      .returning({ id: ledgerTransactions.id });
    if (!posted) return false;
    await ctx.db
      .insert(ledgerEntries)
      .values(
        rows.map(([account, amountCents]) => ({ organizationId, transactionId: posted.id, account, amountCents })),
      );
    return true;
  },
);
