import { remove, rotate, test, turn } from "#app/(console)/[workspace]/organization/integrations/webhooks/actions.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { RotateSecret } from "#components/integrations/webhook-dialogs.tsx";
import { stateOf } from "#components/integrations/webhook-states.ts";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { overlapHours } from "#lib/core/webhooks/events.ts";
import { deliveriesInput } from "#lib/domain/integrations/input.ts";
import { deliveriesOf, webhook as webhookOf } from "#lib/domain/integrations/queries.ts";
import type { WebhookView } from "#lib/domain/integrations/view.ts";
import { Deliveries } from "./deliveries.tsx";
import { Facts } from "./facts.tsx";

const webhookPage = page({
  can: "webhooks.read",
  title: "Webhook",
  load: async (ctx, { params, search }) => {
    const webhook = await webhookOf(ctx, params.webhook ?? "");
    const asked = deliveriesInput.parse(search);
    return { webhook, asked, page: await deliveriesOf(ctx, webhook.id, asked) };
  },
  name: ({ webhook }) => hostOf(webhook),
  head: ({ webhook }, ctx) => {
    const { tone, word } = stateOf(webhook);
    return {
      title: <span className="break-all">{hostOf(webhook)}</span>,
      badge: <Badge tone={tone}>{word}</Badge>,
      description: webhook.description || "What we send to this address, and what it answered.",
      action:
        can(ctx.actor, "webhooks.write") && webhook.enabled ? (
          <ButtonForm button="Send test event" values={{ id: webhook.id }} act={test} />
        ) : undefined,
    };
  },
  view: ({ webhook, asked, page }, ctx) => {
    const mayChange = can(ctx.actor, "webhooks.write");
    return (
      <>
        {webhook.disabledReason ? <GivenUp webhook={webhook} mayChange={mayChange} /> : null}
        <Facts webhook={webhook} now={ctx.now} mayChange={mayChange} />
        <Deliveries
          page={page}
          asked={asked}
          base={`/${ctx.workspaceId}/organization/integrations/webhooks/${webhook.id}`}
          now={ctx.now}
        />
        {mayChange ? <Changes webhook={webhook} /> : null}
      </>
    );
  },
});

export const { generateMetadata } = webhookPage;
export default webhookPage.default;

const hostOf = ({ url }: WebhookView): string => new URL(url).host;

const GivenUp = ({ webhook, mayChange }: { webhook: WebhookView; mayChange: boolean }) => (
  <Notice
    tone="bad"
    title="This webhook was switched off"
    action={
      mayChange ? <ButtonForm button="Switch on" values={{ id: webhook.id, enabled: "on" }} act={turn} /> : undefined
    }
  >
    {webhook.disabledReason} What failed is listed below and can be sent again.
  </Notice>
);

function Changes({ webhook }: { webhook: WebhookView }) {
  const { id, enabled, url } = webhook;
  return (
    <>
      <Card
        title="Signing secret"
        description={`Rotating it makes a new one; for ${overlapHours} hours messages carry a signature of both.`}
        footer={<RotateSecret id={id} hours={overlapHours} rotate={rotate} />}
      />
      <Card
        tone="bad"
        title="Switch off or delete"
        description="Events that happen while it is off are not kept for it."
        footer={
          <>
            <ButtonForm
              button={enabled ? "Switch off" : "Switch on"}
              values={{ id, enabled: enabled ? "off" : "on" }}
              act={turn}
            />
            <ConfirmDialog
              trigger="Delete…"
              triggerLook={{ size: "small", tone: "bad" }}
              title="Delete this webhook"
              confirm="Delete webhook"
              action={remove}
            >
              <input type="hidden" name="id" value={id} />
              <p className="text-ui break-all">
                Nothing is sent to {url} any more, what waits included, and its secret is forgotten at once.
              </p>
            </ConfirmDialog>
          </>
        }
      />
    </>
  );
}
