import { answerFile, type Columns, streamFile } from "#app/(console)/stream-file.ts";
import { enter } from "#app/doors/workspace-page.tsx";
import { classOf } from "#lib/domain/retention/classes/rules.ts";
import { dataLedger } from "#lib/domain/retention/ledger/queries.ts";
import type { LedgerRow } from "#lib/domain/retention/ledger/view.ts";

const columns: Columns<LedgerRow> = {
  class: (row) => row.class,
  what: (row) => classOf(row.class).sentence,
  items: ({ items }) => items,
  bytes: ({ bytes }) => bytes,
  oldest: ({ oldest }) => oldest?.toISOString() ?? null,
  next_purge: ({ nextPurge }) => nextPurge?.toISOString() ?? null,
  kept: (row) => classOf(row.class).kept,
  clause: (row) => classOf(row.class).clause ?? null,
  counted_at: ({ countedAt }) => countedAt.toISOString(),
};

/** The ledger as a file. */
export const GET = (_request: Request, { params }: { params: Promise<{ workspace: string }> }): Promise<Response> =>
  answerFile(async () => {
    const rows = await dataLedger(await enter((await params).workspace));
    return streamFile("what-is-kept", "csv", columns, once(rows));
  });

async function* once<Row>(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows;
}
