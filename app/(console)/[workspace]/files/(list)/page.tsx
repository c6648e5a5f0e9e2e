import { FileText } from "lucide-react";
import { ticket, trySample } from "#app/(console)/[workspace]/files/actions.ts";
import { baseUrl } from "#app/(console)/base-url.ts";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { FileList } from "#components/files/file-list.tsx";
import { QuotaLine } from "#components/files/quota-line.tsx";
import { UploadPanel } from "#components/files/upload-panel.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { fileFilter } from "#lib/domain/files/listing/input.ts";
import { filePage } from "#lib/domain/files/listing/queries.ts";
import { fileUse } from "#lib/domain/files/quota/queries.ts";
import { mayKeep } from "#lib/domain/retention/queries.ts";

const files = page({
  can: "files.read",
  title: "Files",
  description: "Data sets to train models with, in JSON Lines. Each line is checked when it arrives.",
  width: "table",
  load: async (ctx, { search }) => {
    const asked = fileFilter.parse(search);
    const [isKept, page, use] = await Promise.all([mayKeep(ctx, "files"), filePage(ctx, asked), fileUse(ctx)]);
    return { asked, isKept, page, use, address: await baseUrl() };
  },
  head: ({ isKept }, ctx) => ({ action: isKept ? <Refusal ctx={ctx} /> : undefined }),
  view: ({ asked, isKept, page, use, address }, ctx) => {
    const base = `/${ctx.workspaceId}/files`;
    const mayWrite = can(ctx.actor, "files.write");
    return (
      <>
        {isKept ? null : <ZeroRetention />}
        {isKept && mayWrite ? <UploadPanel base={base} ticket={ticket} /> : null}
        <FileList
          files={page.rows}
          range={page}
          asked={asked}
          base={base}
          now={ctx.now}
          empty={isKept ? <None base={base} address={address} mayWrite={mayWrite} /> : null}
        />
        {use.files > 0 ? <QuotaLine use={use} /> : null}
      </>
    );
  },
});

export const { generateMetadata } = files;
export default files.default;

const ZeroRetention = () => (
  <Notice tone="warn" title="No files under zero retention">
    Files are kept, and nothing of this organization may be. An admin can have them kept on your own instruction under
    Privacy.
  </Notice>
);

async function Refusal({ ctx }: { ctx: Context }) {
  const reason = await denial(ctx, "files.write");
  return reason ? <Denied label="Upload" reason={reason} /> : null;
}

const curlOf = (address: string): string =>
  `curl ${address}/files \\
  -H "Authorization: Bearer $COMPTOIR_API_KEY" \\
  -F purpose=fine-tune \\
  -F file=@help-desk-sample.jsonl`;

function None({ base, address, mayWrite }: { base: string; address: string; mayWrite: boolean }) {
  return (
    <EmptyState
      icon={FileText}
      title="No files yet"
      action={
        mayWrite ? (
          <div className="flex flex-wrap items-center justify-center gap-2">
            <ButtonForm button="Try with a sample data set" size="normal" act={trySample} />
            <LinkButton href={`${base}/sample`} download>
              Download a 5-line sample
            </LinkButton>
          </div>
        ) : undefined
      }
      snippet={mayWrite ? <CodeBlock code={curlOf(address)} label="Copy the call" /> : undefined}
    >
      A data set is a file with one conversation a line. What is wrong with it is shown by line, and mended where that
      has one meaning.
    </EmptyState>
  );
}
