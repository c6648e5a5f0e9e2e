import { receivedFile } from "#app/(console)/received-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { uploadFile } from "#lib/domain/help/files/commands.ts";

type Props = { params: Promise<{ workspace: string }> };

/** A file on its way to a message, one in each request, as large as forms cannot send it. */
export const POST = (request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const ctx = await workspaceContext((await params).workspace);
    return Response.json(await uploadFile(ctx, await receivedFile(request)));
  });
