import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { replay } from "#app/(console)/[workspace]/organization/integrations/actions.ts";
import { found } from "#app/(console)/found.ts";
import { Refused } from "#app/doors/refused.tsx";
import { AttemptList } from "#components/integrations/attempt-list.tsx";
import { deliveryStates } from "#components/integrations/webhook-view.ts";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { bodyOf } from "#lib/core/webhooks/events.ts";
import { delivery as deliveryOf, webhook as webhookOf } from "#lib/domain/integrations/queries.ts";

export const metadata: Metadata = { title: "Delivery" };

type Props = { params: Promise<{ workspace: string; webhook: string; delivery: string }> };

export default async function DeliveryPage({ params }: Props) {
  const { webhook: id, delivery: deliveryId } = await params;
  const ctx = await enter(params);
  if (!can(ctx.actor, "webhooks.read")) {
    return (
      <Page>
        <Refused ctx={ctx} permission="webhooks.read" />
      </Page>
    );
  }
  const webhook = await found(webhookOf(ctx, id));
  const delivery = await found(deliveryOf(ctx, webhook.id, deliveryId));
  const { tone, word } = deliveryStates[delivery.state];
  const mayReplay = can(ctx.actor, "webhooks.write") && webhook.enabled && delivery.state !== "waiting";
  return (
    <Page>
      <PageHeader
        title={delivery.type}
        badge={<Badge tone={tone}>{word}</Badge>}
        description={`To ${new URL(webhook.url).host}.`}
        action={
          <>
            <TextLink href={`/${ctx.workspaceId}/organization/integrations/${webhook.id}`}>
              Back to the webhook
            </TextLink>
            {mayReplay ? (
              <ButtonForm
                button="Send again"
                done="Queued as a delivery of its own."
                values={{ delivery: delivery.id }}
                act={replay}
              />
            ) : null}
          </>
        }
      />
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
    </Page>
  );
}
