import { askedInvoice } from "#app/(console)/[workspace]/organization/billing/invoices/[invoice]/asked-invoice.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { env } from "#lib/core/env.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { documentOf, verifyPath } from "#lib/domain/billing/documents/rules.ts";
import { invoice } from "#lib/domain/billing/invoices/queries.ts";
import { facturX } from "#lib/engine/documents/facturx.ts";

type Props = Parameters<typeof askedInvoice>[0];

/** A document as data (EN 16931), which its PDF carries too. */
export const GET = (_request: Request, props: Props): Promise<Response> =>
  answerFile(async () => {
    const { ctx, id } = await askedInvoice(props);
    const document = await invoice(ctx, id);
    const words = { provider: env().PROVIDER_NAME, verifyUrl: publicLink(verifyPath) };
    return new Response(facturX(documentOf(document, words)), {
      headers: {
        "content-type": "application/xml; charset=utf-8",
        "content-disposition": `attachment; filename="${document.number}.xml"`,
        "cache-control": "private, no-store",
      },
    });
  });
