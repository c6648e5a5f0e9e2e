import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { sampleName, sampleText } from "#lib/domain/files/samples/rules.ts";

type Props = { params: Promise<{ workspace: string }> };

/** Five lines of the sample data set, to look at or to upload. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace } = await params;
    const { actor } = await workspaceContext(workspace);
    authorize(actor, "files.read");
    return new Response(sampleText(5), {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="${sampleName}"`,
        "cache-control": "no-store",
      },
    });
  });
