import { and, eq, isNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { invoices } from "#db/schema/billing.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import { invoice } from "#lib/domain/billing/invoices/queries.ts";
import { renderInvoice } from "#lib/engine/documents/render.ts";
import { documentLetter } from "./letters.ts";
import { documentOf, fileNameOf, storageKey, verifyPath } from "./rules.ts";

/**
 * Makes the file of an issued document and sends it (T-5.2-ADV3, T-5.2-EOC), once: the bytes are kept before the document names
 * their hash, and the letters go out with that.
 */
export const render = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: Id<"invoice">): Promise<void> => {
    const detail = await invoice(ctx, id);
    if (detail.pdfSha256) return;
    const verifyUrl = publicLink(verifyPath);
    const { pdf, sha256 } = await renderInvoice(documentOf(detail, { provider: env().PROVIDER_NAME, verifyUrl }));
    const key = storageKey(detail, sha256);
    await storage().write(key, [pdf]);
    await transaction(ctx, async (ctx) => {
      const kept = await ctx.db
        .update(invoices)
        .set({ pdfSha256: sha256, renderedAt: ctx.now })
        .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, id), isNull(invoices.pdfSha256)))
        .returning({ id: invoices.id });
      if (kept.length === 0) return;
      const attachments = [{ name: fileNameOf(detail), key, type: "application/pdf" }];
      for (const to of await billingReaders(ctx))
        await post(ctx, { ...documentLetter({ ctx, to, invoice: detail }), attachments });
    });
  },
});
