import { numberWords } from "#components/rates/number-words.ts";
import { RateRequestList } from "#components/rates/rate-request-list.tsx";
import { RequestRates } from "#components/rates/request-rates.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { rateRequestsOf } from "#lib/domain/rates/queries.ts";
import type { RateRequestView } from "#lib/domain/rates/view.ts";
import { request, withdraw } from "./actions.ts";

/** T-4.2.1-RL: asking for more, and what was asked for before. */
export async function RequestCard({ ctx, models }: { ctx: Context; models: readonly string[] }) {
  if (!can(ctx.actor, "rates.request")) return null;
  const requests = await rateRequestsOf(ctx);
  return (
    <Card
      flush={requests.length > 0}
      title="Higher limits"
      description="For more than your plan and tier give, ask. A person answers."
      aside={<RequestRates models={models} request={request} />}
    >
      {requests.length > 0 ? <RateRequestList requests={requests} now={ctx.now} actions={Withdraw} /> : null}
    </Card>
  );
}

const Withdraw = (row: RateRequestView) => (
  <ConfirmDialog
    trigger="Withdraw"
    triggerLook={{ size: "small" }}
    title="Withdraw the request"
    confirm="Withdraw request"
    tone="normal"
    action={withdraw}
  >
    <input type="hidden" name="id" value={row.id} />
    <p className="text-ui">Nobody will look at it any more: {numberWords(row)}. You can send another at any time.</p>
  </ConfirmDialog>
);
