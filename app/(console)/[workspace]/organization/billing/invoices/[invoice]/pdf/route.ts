import { askedInvoice } from "#app/(console)/[workspace]/organization/billing/invoices/[invoice]/asked-invoice.ts";
import { storedFile } from "#app/(console)/stored-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { AppError } from "#lib/core/errors.ts";
import { fileNameOf, storageKey } from "#lib/domain/billing/documents/rules.ts";
import { invoice } from "#lib/domain/billing/invoices/queries.ts";

type Props = Parameters<typeof askedInvoice>[0];

/** The file of a document: the very bytes its hash is of. */
export const GET = (_request: Request, props: Props): Promise<Response> =>
  answerFile(async () => {
    const { ctx, id } = await askedInvoice(props);
    const document = await invoice(ctx, id);
    if (!document.pdfSha256) throw new AppError("not_found", "The file is being made. Try again in a minute.");
    const key = storageKey(document, document.pdfSha256);
    return storedFile({ key, name: fileNameOf(document), type: "application/pdf" });
  });
