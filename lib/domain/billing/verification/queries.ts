import { and, eq, inArray } from "drizzle-orm";
import { invoices, legalEntities } from "#db/schema/billing.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type AccountContext, bypassTenant, transaction } from "#lib/core/context.ts";
import type { Verified } from "./view.ts";

const sha256 = /^[0-9a-f]{64}$/i;

/**
 * Whether a document was issued, by its number or its file's hash, whoever's it is. The hash proves that the person has the
 * file, so its total is said; a number can be guessed, so that is not.
 */
export async function issuedDocument(ctx: AccountContext, what: string): Promise<Verified | null> {
  authorize(ctx.actor, "account.open");
  return transaction(ctx, async (ctx) => {
    await bypassTenant(ctx);
    const isExact = sha256.test(what);
    const [found] = await ctx.db
      .select({
        number: invoices.number,
        kind: invoices.kind,
        issuedAt: invoices.issuedAt,
        seller: invoices.seller,
        totalCents: invoices.totalCents,
        livemode: invoices.livemode,
      })
      .from(invoices)
      .where(isExact ? eq(invoices.pdfSha256, what.toLowerCase()) : numbered(ctx, what.toUpperCase()))
      .limit(1);
    if (!found) return null;
    const { seller, totalCents, ...rest } = found;
    const { name: sellerName } = seller as { name: string };
    return { ...rest, sellerName, totalCents: isExact ? totalCents : null, isExact };
  });
}

/** Numbers are found by the entity that gave them out: the index begins with it. */
const numbered = ({ db }: AccountContext, number: string) =>
  and(
    inArray(invoices.legalEntityId, db.select({ id: legalEntities.id }).from(legalEntities)),
    eq(invoices.number, number),
  );
