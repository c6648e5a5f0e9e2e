import { pdfOf } from "#app/(console)/pdf-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { orderFile } from "#lib/domain/orders/queries.ts";

type Props = { params: Promise<{ workspace: string; order: string }> };

/** The signed order, as it was approved. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, order } = await params;
    return pdfOf(await orderFile(await workspaceContext(workspace), asId("order", order)));
  });
