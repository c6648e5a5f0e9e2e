import { answerFile, type Columns, type FileFormat, streamFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { dayOf } from "#lib/core/clock.ts";
import { clausesOf } from "#lib/domain/register/queries.ts";
import type { ClauseRow } from "#lib/domain/register/view.ts";

type Props = { params: Promise<{ workspace: string }> };

const columns: Columns<ClauseRow> = {
  clause: ({ id }) => id,
  section: ({ section }) => section,
  title: ({ title }) => title,
  rule: ({ rule }) => rule,
  number: ({ number }) => number,
  binds: ({ binds }) => binds,
  state: ({ state }) => state,
  words: ({ words }) => words,
  at: ({ at }) => at?.toISOString() ?? null,
  next_at: ({ next }) => next?.at.toISOString() ?? null,
  next: ({ next }) => next?.words ?? null,
  last_at: ({ last }) => last?.at.toISOString() ?? null,
  last: ({ last }) => last?.words ?? null,
  last_by: ({ last }) => last?.by ?? null,
};

async function* once(rows: ClauseRow[]): AsyncGenerator<ClauseRow[]> {
  yield rows;
}

/** All clauses as they stand, as a file. */
export const answer =
  (format: FileFormat) =>
  (_request: Request, { params }: Props): Promise<Response> =>
    answerFile(async () => {
      const ctx = await workspaceContext((await params).workspace);
      return streamFile(`agreement-${dayOf(ctx.now)}`, format, columns, once(await clausesOf(ctx)));
    });
