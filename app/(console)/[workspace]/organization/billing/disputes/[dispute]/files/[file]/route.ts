import { storedFile } from "#app/(console)/stored-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { mediaTypeOf } from "#lib/core/sent-files.ts";
import { disputeFile } from "#lib/domain/billing/disputes/files/queries.ts";

type Props = { params: Promise<{ workspace: string; dispute: string; file: string }> };

/** A file that was sent with a message about a dispute. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, dispute, file } = await params;
    const ctx = await workspaceContext(workspace);
    const { key, name, kind } = await disputeFile(ctx, asId("dispute", dispute), asId("disputeFile", file));
    return storedFile({ key, name, type: mediaTypeOf(kind) });
  });
