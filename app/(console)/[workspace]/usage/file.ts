import { answerFile, type FileFormat, streamFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { usageLines } from "#lib/domain/usage/files/queries.ts";
import { usageColumns } from "./columns.ts";
import { questionOf, stateOf } from "./state.ts";

type Props = { params: Promise<{ workspace: string }> };

/** What the page shows as a file, with all its rows. */
export const answer =
  (format: FileFormat) =>
  (request: Request, { params }: Props): Promise<Response> =>
    answerFile(async () => {
      const ctx = await workspaceContext((await params).workspace);
      const state = stateOf(Object.fromEntries(new URL(request.url).searchParams), ctx);
      const name = `usage-by-${state.by.replace("_", "-")}-${state.from}-${state.to}`;
      return streamFile(name, format, usageColumns(state.by, state.grain), usageLines(ctx, questionOf(state)));
    });
