import { pdfOf } from "#app/(console)/pdf-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { agreementFile } from "#lib/domain/orders/agreements/queries.ts";

type Props = { params: Promise<{ workspace: string; agreement: string }> };

/** A signed master agreement, as it was kept. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, agreement } = await params;
    return pdfOf(await agreementFile(await workspaceContext(workspace), asId("agreement", agreement)));
  });
