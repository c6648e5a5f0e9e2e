import { answerFile, type Columns, streamFile } from "#app/(console)/stream-file.ts";
import { enter } from "#app/doors/workspace-page.tsx";
import { monitoringMonths } from "#lib/domain/abuse/counts/queries.ts";
import type { MonitoringMonth } from "#lib/domain/abuse/counts/view.ts";

const columns: Columns<MonitoringMonth> = {
  month: ({ month }) => month.slice(0, 7),
  rules: ({ rules }) => rules.join("; "),
  models: ({ models }) => models.join("; "),
  scanned_by_rules: ({ ruleScanned }) => ruleScanned,
  scanned_by_models: ({ modelScanned }) => modelScanned,
  flags: ({ flags }) => flags,
  items: ({ items }) => items,
  opened: ({ opened }) => opened,
  dismissed: ({ dismissed }) => dismissed,
  warned: ({ warned }) => warned,
  workspaces_archived: ({ restricted }) => restricted,
  suspended: ({ suspended }) => suspended,
  with_legal: ({ legal }) => legal,
  ended_without_decision: ({ expired }) => expired,
};

/** The months as a file. */
export const GET = (_request: Request, { params }: { params: Promise<{ workspace: string }> }): Promise<Response> =>
  answerFile(async () => {
    const months = await monitoringMonths(await enter((await params).workspace));
    return streamFile("monitoring", "csv", columns, once(months));
  });

async function* once<Row>(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows;
}
