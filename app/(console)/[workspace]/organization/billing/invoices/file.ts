import { answerFile, type FileFormat, streamFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { dayOf } from "#lib/core/clock.ts";
import { invoiceFilter } from "#lib/domain/billing/invoices/input.ts";
import { invoiceRows } from "#lib/domain/billing/invoices/listing/queries.ts";
import { invoiceColumns } from "./columns.ts";

type Props = { params: Promise<{ workspace: string }> };

/** Every document that the list's filters leave as a file. */
export const answer =
  (format: FileFormat) =>
  (request: Request, { params }: Props): Promise<Response> =>
    answerFile(async () => {
      const ctx = await workspaceContext((await params).workspace);
      const filter = invoiceFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
      return streamFile(`invoices-${dayOf(ctx.now)}`, format, invoiceColumns, invoiceRows(ctx, filter));
    });
