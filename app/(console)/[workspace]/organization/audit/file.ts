import { answerFile, type FileFormat, streamFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { dayOf } from "#lib/core/clock.ts";
import { auditFilter } from "#lib/domain/audit/input.ts";
import { auditLines } from "#lib/domain/audit/queries.ts";
import { auditColumns } from "./columns.ts";

type Props = { params: Promise<{ workspace: string }> };

/** Every row that the log's filters leave as a file. */
export const answer =
  (format: FileFormat) =>
  (request: Request, { params }: Props): Promise<Response> =>
    answerFile(async () => {
      const ctx = await workspaceContext((await params).workspace);
      const filter = auditFilter.parse(Object.fromEntries(new URL(request.url).searchParams));
      return streamFile(`audit-log-${dayOf(ctx.now)}`, format, auditColumns, auditLines(ctx, filter));
    });
