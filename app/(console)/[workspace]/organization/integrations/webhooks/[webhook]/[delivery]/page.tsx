import { replay } from "#app/(console)/[workspace]/organization/integrations/webhooks/actions.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { AttemptList } from "#components/integrations/attempt-list.tsx";
import { deliveryStates } from "#components/integrations/webhook-states.ts";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { bodyOf } from "#lib/core/webhooks/events.ts";
import { delivery as deliveryOf, webhook as webhookOf } from "#lib/domain/integrations/queries.ts";
import type { DeliveryView, WebhookView } from "#lib/domain/integrations/view.ts";

const deliveryPage = page({
  can: "webhooks.read",
  title: "Delivery",
  load: async (ctx, { params }) => {
    const webhook = await webhookOf(ctx, params.webhook ?? "");
    return { webhook, delivery: await deliveryOf(ctx, webhook.id, params.delivery ?? "") };
  },
  name: ({ delivery }) => delivery.type,
  head: ({ webhook, delivery }, ctx) => {
    const { tone, word } = deliveryStates[delivery.state];
    return {
      badge: <Badge tone={tone}>{word}</Badge>,
      description: `To ${new URL(webhook.url).host}.`,
      action: (
        <>
          <TextLink href={`/${ctx.workspaceId}/organization/integrations/webhooks/${webhook.id}`}>
            Back to the webhook
          </TextLink>
          {can(ctx.actor, "webhooks.write") ? <Replay webhook={webhook} delivery={delivery} /> : null}
        </>
      ),
    };
  },
  view: ({ delivery }, ctx) => (
    <>
      <Card>
        <DefinitionList
          rows={[
            { term: "Happened", value: <Time at={delivery.at} form="instant" /> },
            { term: "Attempts", value: delivery.attempts },
            ...(delivery.nextAt ? [{ term: "Next attempt", value: <Time at={delivery.nextAt} now={ctx.now} /> }] : []),
            ...(delivery.replayOf ? [{ term: "Repeats", value: delivery.replayOf }] : []),
            { term: "Event id", value: <Copyable text={delivery.eventId} noun="event id" /> },
            { term: "Delivery id", value: <Copyable text={delivery.id} noun="delivery id" /> },
          ]}
        />
      </Card>
      <section aria-labelledby="message" className="flex flex-col gap-3">
        <h2 id="message" className="text-body font-semibold">
          Message
        </h2>
        <CodeBlock label="Copy the message" code={JSON.stringify(JSON.parse(bodyOf(delivery)), null, 2)} />
      </section>
      {delivery.tries.length > 0 ? (
        <section aria-labelledby="attempts" className="flex flex-col gap-3">
          <h2 id="attempts" className="text-body font-semibold">
            Attempts
          </h2>
          <AttemptList tries={delivery.tries} />
        </section>
      ) : null}
    </>
  ),
});

export const { generateMetadata } = deliveryPage;
export default deliveryPage.default;

const Replay = ({ webhook, delivery }: { webhook: WebhookView; delivery: DeliveryView }) =>
  webhook.enabled && delivery.state !== "waiting" ? (
    <ButtonForm
      button="Send again"
      done="Queued as a delivery of its own."
      values={{ delivery: delivery.id }}
      act={replay}
    />
  ) : null;
