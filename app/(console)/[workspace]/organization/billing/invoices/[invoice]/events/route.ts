import { askedInvoice } from "#app/(console)/[workspace]/organization/billing/invoices/[invoice]/asked-invoice.ts";
import { answerFile, type Columns, streamFile } from "#app/(console)/stream-file.ts";
import { decimalString } from "#lib/core/money.ts";
import { billedEvents } from "#lib/domain/billing/invoices/evidence/queries.ts";
import type { BilledEvent } from "#lib/domain/billing/invoices/evidence/view.ts";
import { invoice } from "#lib/domain/billing/invoices/queries.ts";

type Props = Parameters<typeof askedInvoice>[0];

/** Prices in euros for a million tokens, costs in euros, both exact. */
const columns: Columns<BilledEvent> = {
  request_id: ({ id }) => id,
  at: ({ at }) => at.toISOString(),
  workspace_id: ({ workspaceId }) => workspaceId,
  api_key_id: ({ keyId }) => keyId,
  end_user: ({ endUser }) => endUser,
  endpoint: ({ endpoint }) => endpoint,
  model: ({ model }) => model,
  prompt_tokens: ({ promptTokens }) => promptTokens,
  cached_tokens: ({ cachedTokens }) => cachedTokens,
  completion_tokens: ({ completionTokens }) => completionTokens,
  input_price: ({ inputMicros }) => price(inputMicros),
  cached_input_price: ({ cachedInputMicros }) => price(cachedInputMicros),
  output_price: ({ outputMicros }) => price(outputMicros),
  kind: ({ kind }) => kind,
  fine_tuning_job_id: ({ jobId }) => jobId,
  quantity: ({ quantity }) => quantity,
  fee: ({ feePico }) => decimalString(feePico),
  cost: ({ costPico }) => decimalString(costPico),
  waived: ({ waivedPico }) => decimalString(waivedPico),
};

const price = (micros: number): string => decimalString(BigInt(micros) * 1_000_000n);

/** Every request that lines of a document sum, one a line, never with its content. */
export const GET = (_request: Request, props: Props): Promise<Response> =>
  answerFile(async () => {
    const { ctx, id } = await askedInvoice(props);
    const { number } = await invoice(ctx, id);
    return streamFile(`${number}-requests`, "jsonl", columns, billedEvents(ctx, id));
  });
