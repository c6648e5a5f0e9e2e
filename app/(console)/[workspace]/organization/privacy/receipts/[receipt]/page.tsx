import { privacyBase } from "#app/(console)/[workspace]/organization/privacy/privacy-tabs.tsx";
import { asId, page } from "#app/doors/workspace-page.tsx";
import { ReceiptFacts } from "#components/privacy/receipt-facts.tsx";
import { RemovedTable } from "#components/privacy/removed-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { publicLink } from "#lib/core/mail/letter.ts";
import { deletionReceipt } from "#lib/domain/retention/receipts/queries.ts";
import { checkProgram, receiptCauses } from "#lib/domain/retention/receipts/rules.ts";

const receiptPage = page({
  can: "privacy.read",
  title: "Receipt",
  load: async (ctx, { params }) => deletionReceipt(ctx, asId("deletionReceipt", params.receipt)),
  name: ({ body: { sequence } }) => `Receipt ${sequence}`,
  head: ({ body }, ctx) => ({
    description: receiptCauses[body.cause],
    action: (
      <LinkButton download href={`${privacyBase(ctx)}/receipts/${body.id}/file`}>
        Download receipt
      </LinkButton>
    ),
  }),
  view: ({ body, file }, ctx) => (
    <>
      <ReceiptFacts body={body} file={file} now={ctx.now} />
      {body.removed.length > 0 && <RemovedTable removed={body.removed} now={ctx.now} />}
      <Card
        title="Check it yourself"
        description="Save this beside the downloaded receipt and run it with Node.js. It asks nobody but the list of our public keys."
      >
        <CodeBlock label="Copy the program" code={checkProgram(publicLink("/.well-known/comptoir-receipts.json"))} />
      </Card>
    </>
  ),
});

export const { generateMetadata } = receiptPage;
export default receiptPage.default;
