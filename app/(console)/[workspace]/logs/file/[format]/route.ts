import { requestColumns } from "#app/(console)/[workspace]/logs/columns.ts";
import { answerFile, streamFile } from "#app/(console)/stream-file.ts";
import { dayOf } from "#lib/clock.ts";
import { AppError } from "#lib/errors.ts";
import { requestFilter } from "#lib/requests/input.ts";
import { requestLines } from "#lib/requests/queries.ts";
import { workspaceContext } from "#lib/session.ts";

type Props = { params: Promise<{ workspace: string; format: string }> };

export const GET = (request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, format } = await params;
    if (format !== "csv" && format !== "json") throw new AppError("not_found", "A file is csv or json.");
    const ctx = await workspaceContext(workspace);
    const filter = requestFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
    return streamFile(`requests-${dayOf(ctx.now)}`, format, requestColumns, requestLines(ctx, filter));
  });
