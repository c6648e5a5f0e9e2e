import { usageColumns } from "#app/(console)/[workspace]/usage/columns.ts";
import { questionOf, stateOf } from "#app/(console)/[workspace]/usage/state.ts";
import { answerFile, streamFile } from "#app/(console)/stream-file.ts";
import { AppError } from "#lib/errors.ts";
import { workspaceContext } from "#lib/session.ts";
import { usageLines } from "#lib/usage/files/queries.ts";

type Props = { params: Promise<{ workspace: string; format: string }> };

export const GET = (request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, format } = await params;
    if (format !== "csv" && format !== "json") throw new AppError("not_found", "A file is csv or json.");
    const ctx = await workspaceContext(workspace);
    const asked = Object.fromEntries(new URL(request.url).searchParams);
    const state = await stateOf(Promise.resolve(asked), ctx);
    const name = `usage-by-${state.by.replace("_", "-")}-${state.from}-${state.to}`;
    return streamFile(name, format, usageColumns(state.by, state.grain), usageLines(ctx, questionOf(state)));
  });
