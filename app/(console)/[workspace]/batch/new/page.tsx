import { create } from "#app/(console)/[workspace]/batch/actions.ts";
import { ticket } from "#app/(console)/[workspace]/files/actions.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { BatchFields } from "#components/batch/batch-fields.tsx";
import { EstimateCard } from "#components/batch/estimate-card.tsx";
import { UploadPanel } from "#components/files/upload-panel.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { type NewBatch, newBatchInput } from "#lib/domain/batch/estimate/input.ts";
import { batchEstimate } from "#lib/domain/batch/estimate/queries.ts";
import { type BatchKey, batchKeys } from "#lib/domain/batch/listing/queries.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { filesOf } from "#lib/domain/files/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";

const filesMost = 500;

const capabilities = {
  "/v1/chat/completions": "completion_chat",
  "/v1/embeddings": "embeddings",
  "/v1/fim/completions": "completion_fim",
} as const;

/** A batch in one page: its file, what it asks, and what it costs at most. Everything chosen is in the address. */
const newBatch = page({
  can: "batch.write",
  title: "New batch",
  description: "Choose a file of requests. What it costs at most is shown before anything is asked.",
  load: async (ctx, { search }) => {
    const asked = newBatchInput.parse(search);
    const [{ files }, keys, models] = await Promise.all([
      filesOf(ctx, { purpose: "batch", sampleTypes: ["batch_request"], offset: 0, limit: filesMost }),
      batchKeys(ctx),
      contractModels(ctx),
    ]);
    const fitting = models.filter((model) => model.price && model.capabilities[capabilities[asked.endpoint]]);
    return { asked, files, keys, models: fitting.map(({ id }) => id) };
  },
  view: ({ asked, files, keys, models }, ctx) => (
    <NewBatchForm ctx={ctx} asked={asked} files={files} keys={keys} models={models} />
  ),
});

export const { generateMetadata } = newBatch;
export default newBatch.default;

type Props = {
  ctx: Context;
  asked: NewBatch;
  files: readonly StoredFile[];
  keys: readonly BatchKey[];
  models: readonly string[];
};

function NewBatchForm({ ctx, asked, files, keys, models }: Props) {
  const base = `/${ctx.workspaceId}`;
  const file = files.find(({ id }) => id === asked.file);
  const key = keys.find(({ id }) => id === asked.key);
  return (
    <>
      {can(ctx.actor, "files.write") ? <UploadPanel base={`${base}/files`} ticket={ticket} purpose="batch" /> : null}
      {keys.length === 0 ? (
        <Notice tone="warn" title="There is no API key to ask with">
          A batch is asked under a key of yours, or a service key. <TextLink href={`${base}/keys`}>Create one</TextLink>
        </Notice>
      ) : null}
      {files.length === 0 ? (
        <Notice title="There is no file of requests yet">
          Upload one with a request a line, as in <code>{'{"custom_id": "1", "body": {…}}'}</code>.
        </Notice>
      ) : (
        <form method="get" aria-label="Batch" className="flex flex-col gap-5">
          <Card title="What is asked">
            <BatchFields
              files={files.map(({ id, name, lines }) => ({ value: id, label: `${name} (${linesWords(lines ?? 0)})` }))}
              keys={keys.map(({ id, name, last4 }) => ({ value: id, label: `${name} …${last4}` }))}
              models={models}
              asked={asked}
            />
          </Card>
          <div>
            <Button type="submit">{file && key ? "Estimate again" : "Estimate"}</Button>
          </div>
        </form>
      )}
      {file && key ? <Estimated ctx={ctx} asked={asked} file={file.id} /> : null}
    </>
  );
}

const linesWords = (lines: number): string => `${lines.toLocaleString("en-IE")} ${lines === 1 ? "line" : "lines"}`;

async function Estimated({ ctx, asked, file }: { ctx: Context; asked: NewBatch; file: StoredFile["id"] }) {
  const estimate = await batchEstimate(ctx, { file, endpoint: asked.endpoint, model: asked.model ?? null });
  const values = Object.entries(asked).flatMap(([name, value]) => (value ? [[name, String(value)] as const] : []));
  return <EstimateCard estimate={estimate} values={Object.fromEntries(values)} create={create} />;
}
