import { modelOf } from "#app/(console)/[workspace]/models/[model]/model-of.ts";
import { answerFile, type Columns, streamFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { impactHere } from "#lib/domain/lifecycle/impact/queries.ts";
import type { ImpactRow } from "#lib/domain/lifecycle/impact/view.ts";

type Props = { params: Promise<{ workspace: string; model: string }> };

const columns: Columns<ImpactRow> = {
  kind: ({ kind }) => kind,
  id: ({ id }) => id,
  name: ({ name }) => name,
  model_name: ({ sentName }) => sentName,
  requests_30_days: ({ requests }) => requests,
  last_request: ({ lastAt }) => lastAt?.toISOString() ?? null,
  owner: ({ owner }) => owner,
  change: ({ change }) => change,
};

async function* batches(rows: ImpactRow[]) {
  yield rows;
}

/** The list of the page as a file. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, model } = await params;
    const { modelId, rows } = await impactHere(await workspaceContext(workspace), modelOf(model));
    return streamFile(`impact-${modelId.replaceAll(/[^\w.-]+/g, "-")}`, "csv", columns, batches(rows));
  });
