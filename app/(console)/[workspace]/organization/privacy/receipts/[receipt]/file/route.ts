import { keptHeaders } from "#app/(console)/stored-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { asId, enter } from "#app/doors/workspace-page.tsx";
import { deletionReceipt } from "#lib/domain/retention/receipts/queries.ts";

type Props = { params: Promise<{ workspace: string; receipt: string }> };

/** A receipt as a file, which can be checked without us. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, receipt } = await params;
    const { body, file } = await deletionReceipt(await enter(workspace), asId("deletionReceipt", receipt));
    return new Response(`${JSON.stringify(file, null, 2)}\n`, {
      headers: keptHeaders(`receipt-${body.sequence}.json`, "application/json; charset=utf-8"),
    });
  });
