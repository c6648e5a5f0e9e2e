import { Layers } from "lucide-react";
import { baseUrl } from "#app/(console)/base-url.ts";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { BatchList } from "#components/batch/batch-list.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { batchListFilter } from "#lib/domain/batch/listing/input.ts";
import { batchPage } from "#lib/domain/batch/listing/queries.ts";
import { mayKeep } from "#lib/domain/retention/queries.ts";

const batches = page({
  can: "batch.read",
  title: "Batch",
  description: "Many requests at half price: a file of them, answered within hours.",
  width: "table",
  load: async (ctx, { search }) => {
    const asked = batchListFilter.parse(search);
    const [isKept, page, reason] = await Promise.all([
      mayKeep(ctx, "files"),
      batchPage(ctx, asked),
      denial(ctx, "batch.write"),
    ]);
    return { asked, isKept, page, reason, address: await baseUrl() };
  },
  head: ({ reason, isKept }, ctx) => ({
    action: reason ? (
      <Denied label="New batch" reason={reason} />
    ) : isKept ? (
      <LinkButton emphasis="primary" href={`/${ctx.workspaceId}/batch/new`}>
        New batch
      </LinkButton>
    ) : undefined,
  }),
  view: ({ asked, isKept, page, reason, address }, ctx) => (
    <>
      {isKept ? null : (
        <Notice tone="warn" title="No batches under zero retention">
          Batches keep what is asked and answered, and nothing of this organization may be.
        </Notice>
      )}
      <BatchList
        batches={page.rows}
        range={page}
        asked={asked}
        base={`/${ctx.workspaceId}/batch`}
        now={ctx.now}
        empty={isKept ? <None address={address} base={`/${ctx.workspaceId}/batch`} mayWrite={!reason} /> : null}
      />
    </>
  ),
});

export const { generateMetadata } = batches;
export default batches.default;

const curlOf = (address: string): string =>
  `curl ${address}/batch/jobs \\
  -H "Authorization: Bearer $COMPTOIR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "endpoint": "/v1/chat/completions",
    "model": "tiny-chat-1",
    "requests": [
      {"custom_id": "1", "body": {"messages": [{"role": "user", "content": "Hello"}]}}
    ]
  }'`;

const None = ({ address, base, mayWrite }: { address: string; base: string; mayWrite: boolean }) => (
  <EmptyState
    icon={Layers}
    title="No batches yet"
    action={mayWrite ? <LinkButton href={`${base}/new`}>Begin the first batch</LinkButton> : undefined}
    snippet={mayWrite ? <CodeBlock code={curlOf(address)} label="Copy the call" /> : undefined}
  >
    Chats, embeddings and fill-in-the-middle requests that can wait cost half. Answers come as a file, one a line.
  </EmptyState>
);
