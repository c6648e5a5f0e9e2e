import { answerFile, type FileFormat, streamFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { dayOf } from "#lib/core/clock.ts";
import { requestFilter } from "#lib/domain/request-log/input.ts";
import { requestLines } from "#lib/domain/request-log/queries.ts";
import { requestColumns } from "./columns.ts";

type Props = { params: Promise<{ workspace: string }> };

/** Every request that the log's filters leave as a file. */
export const answer =
  (format: FileFormat) =>
  (request: Request, { params }: Props): Promise<Response> =>
    answerFile(async () => {
      const ctx = await workspaceContext((await params).workspace);
      const filter = requestFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
      return streamFile(`requests-${dayOf(ctx.now)}`, format, requestColumns, requestLines(ctx, filter));
    });
