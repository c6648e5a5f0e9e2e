import { Webhook } from "lucide-react";
import { create } from "#app/(console)/[workspace]/organization/integrations/webhooks/actions.ts";
import { eventChoices } from "#app/(console)/[workspace]/organization/integrations/webhooks/events.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { CreateWebhook } from "#components/integrations/webhook-dialogs.tsx";
import { WebhookList } from "#components/integrations/webhook-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { eventTypes } from "#lib/core/webhooks/events.ts";
import { webhooks as webhooksOf } from "#lib/domain/integrations/queries.ts";

const webhooksPage = page({
  can: "webhooks.read",
  title: "Webhooks",
  description: "Addresses of yours that are told of events in the organization.",
  load: webhooksOf,
  head: (_, ctx) => ({
    action: can(ctx.actor, "webhooks.write") ? <CreateWebhook events={eventChoices} create={create} /> : undefined,
  }),
  view: (webhooks, ctx) => (
    <>
      {webhooks.length === 0 ? (
        <EmptyState icon={Webhook} title="No webhooks yet">
          A webhook gets a signed message the moment a limit is reached, a key is revoked or a request is answered.
        </EmptyState>
      ) : (
        <WebhookList
          webhooks={webhooks}
          base={`/${ctx.workspaceId}/organization/integrations/webhooks`}
          now={ctx.now}
        />
      )}
      <Events />
    </>
  ),
});

export const { generateMetadata } = webhooksPage;
export default webhooksPage.default;

/** Every event with an example of its message. */
const Events = () => (
  <Card
    title="Events"
    description="Each message has the headers webhook-id, webhook-timestamp and webhook-signature of the Standard Webhooks. The id stays the same however often it is sent."
  >
    <div className="flex flex-col gap-2">
      {Object.entries(eventTypes).map(([type, { about, example }]) => (
        <details key={type}>
          <summary className="cursor-pointer rounded-control py-1 text-ui">
            <span className="font-medium">{type}</span> <span className="text-text-soft">{about}</span>
          </summary>
          <div className="mt-1">
            <CodeBlock
              label={`Copy the example of ${type}`}
              code={JSON.stringify({ type, timestamp: "2026-11-23T10:00:00.000Z", data: example }, null, 2)}
            />
          </div>
        </details>
      ))}
    </div>
  </Card>
);
