import { nowOf } from "#app/(console)/[workspace]/batch/[batch]/now.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { BatchBadge } from "#components/batch/batch-list.tsx";
import { BatchLive } from "#components/batch/batch-live.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { uuidOf } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { batchName, batchWords } from "#lib/domain/batch/listing/rules.ts";
import { batchOf } from "#lib/domain/batch/queries.ts";
import { endpointNames, isEnded } from "#lib/domain/batch/rules.ts";
import type { BatchView } from "#lib/domain/batch/view.ts";
import { batchActions } from "./batch-actions.tsx";

/** One batch: how far it is, what it costs, and its files. */
const batchPage = page({
  can: "batch.read",
  title: "Batch",
  load: (ctx, { params }) => batchOf(ctx, params.batch ?? ""),
  name: ({ id }) => batchName(id),
  head: (batch, ctx) => ({
    badge: <BatchBadge status={batch.status} />,
    description: batchWords[batch.status].sentence,
    action: batchActions(ctx, batch),
  }),
  view: (batch, ctx) => <Batch ctx={ctx} batch={batch} />,
});

export const { generateMetadata } = batchPage;
export default batchPage.default;

const Batch = ({ ctx, batch }: { ctx: Context; batch: BatchView }) => (
  <>
    {batch.failure ? (
      <Notice tone="bad" title="It ended before its last request">
        {batch.failure}
      </Notice>
    ) : null}
    {batch.waitsFor ? (
      <Notice
        tone="warn"
        title="It waits for room in a limit"
        action={<LinkButton href={`/${ctx.workspaceId}/limits`}>See the limits</LinkButton>}
      >
        {batch.waitsFor} It goes on by itself.
      </Notice>
    ) : null}
    <BatchLive first={nowOf(batch)} href={`/${ctx.workspaceId}/batch/${batch.id}/live`} />
    <Files ctx={ctx} batch={batch} />
    <Errors errors={batch.errors} />
    <About ctx={ctx} batch={batch} />
  </>
);

/** What came of it, to download. */
function Files({ ctx, batch: { outputFileId, errorFileId, status } }: { ctx: Context; batch: BatchView }) {
  const base = `/${ctx.workspaceId}/files`;
  const files = [
    { id: outputFileId, label: "Download the answers" },
    { id: errorFileId, label: "Download the errors" },
  ].filter(({ id }) => id !== null);
  if (!isEnded(status)) return null;
  return (
    <Card
      title="Files"
      description="They are yours, listed under Files, and kept for 30 days after they were used last."
    >
      {files.length === 0 ? (
        <p className="text-ui text-text-soft">Nothing was asked, so there are none.</p>
      ) : (
        <div className="flex flex-wrap gap-2">
          {files.map(({ id, label }) => (
            <LinkButton key={id} href={`${base}/${id}/content`} download>
              {label}
            </LinkButton>
          ))}
        </div>
      )}
    </Card>
  );
}

const errorColumns = [
  { key: "kind", label: "Error" },
  { key: "count", label: "Requests", align: "right" },
] as const;

function Errors({ errors }: Pick<BatchView, "errors">) {
  const rows = Object.entries(errors).toSorted(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return (
    <Card title="Errors" description="By kind. The file of errors has each request with its own words.">
      <Table caption="Errors by kind" columns={errorColumns}>
        {rows.map(([kind, count]) => (
          <Row key={kind}>
            <HeadCell>
              <span className="font-mono text-meta break-all">{kind}</span>
            </HeadCell>
            <Cell label="Requests" align="right">
              {count.toLocaleString("en-IE")}
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );
}

const About = ({ ctx, batch }: { ctx: Context; batch: BatchView }) => (
  <Card title="What is asked">
    <DefinitionList
      rows={[
        ...batch.inputFiles.map((file, index) => ({
          term: batch.inputFiles.length > 1 ? `Input ${index + 1}` : "Input",
          value: <TextLink href={`/${ctx.workspaceId}/files/${file}`}>The file of requests</TextLink>,
        })),
        { term: "Endpoint", value: `${endpointNames[batch.endpoint]} (${batch.endpoint})` },
        { term: "Model", value: batch.model ?? (batch.agentId ? `The agent ${batch.agentId}` : "As each line says") },
        { term: "Created", value: <Time at={batch.createdAt} now={ctx.now} /> },
        batch.endedAt
          ? { term: "Ended", value: <Time at={batch.endedAt} now={ctx.now} /> }
          : { term: "Has until", value: <Time at={batch.expiresAt} now={ctx.now} /> },
        { term: "Batch id", value: <Copyable text={uuidOf(batch.id)} noun="batch id" /> },
        ...Object.entries(batch.metadata ?? {}).map(([term, value]) => ({ term, value })),
      ]}
    />
  </Card>
);
