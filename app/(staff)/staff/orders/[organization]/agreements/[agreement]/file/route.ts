import { pdfOf } from "#app/(console)/pdf-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { staffContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { agreementFileForStaff } from "#lib/domain/orders/agreements/queries.ts";

type Props = { params: Promise<{ organization: string; agreement: string }> };

/** A signed master agreement. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { organization, agreement } = await params;
    const ctx = await staffContext();
    return pdfOf(await agreementFileForStaff(ctx, asId("organization", organization), asId("agreement", agreement)));
  });
