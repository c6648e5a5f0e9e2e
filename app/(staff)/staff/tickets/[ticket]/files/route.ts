import { receivedFile } from "#app/(console)/received-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { staffContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { uploadAnswerFile } from "#lib/domain/help/desk/commands.ts";

type Props = { params: Promise<{ ticket: string }> };

/** A file of the staff's on its way to an answer. */
export const POST = (request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { ticket } = await params;
    const ctx = await staffContext();
    return Response.json(await uploadAnswerFile(ctx, asId("ticket", ticket), await receivedFile(request)));
  });
