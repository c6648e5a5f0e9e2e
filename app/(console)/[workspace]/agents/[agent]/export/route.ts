import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { exportOf } from "#lib/domain/agents/transfer/queries.ts";

type Props = { params: Promise<{ workspace: string; agent: string }> };

/** The agent as a file to keep, or to import elsewhere. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, agent } = await params;
    const { name, text } = await exportOf(await workspaceContext(workspace), agent);
    return new Response(text, {
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
      },
    });
  });
