import { pdfOf } from "#app/(console)/pdf-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { staffContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { orderFileForStaff } from "#lib/domain/orders/queries.ts";

type Props = { params: Promise<{ organization: string; order: string }> };

/** The signed order. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { organization, order } = await params;
    const ctx = await staffContext();
    return pdfOf(await orderFileForStaff(ctx, asId("organization", organization), asId("order", order)));
  });
