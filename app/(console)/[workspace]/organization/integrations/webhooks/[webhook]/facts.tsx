import { change } from "#app/(console)/[workspace]/organization/integrations/webhooks/actions.ts";
import { eventChoices } from "#app/(console)/[workspace]/organization/integrations/webhooks/events.ts";
import { ChangeWebhook } from "#components/integrations/webhook-dialogs.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import type { WebhookView } from "#lib/domain/integrations/view.ts";

type Props = { webhook: WebhookView; now: Date; mayChange: boolean };

/** Where it leads, what it is told, and how it does. */
export function Facts({ webhook, now, mayChange }: Props) {
  const { id, url, description, eventTypes, failingSince, previousSecretUntil, createdAt } = webhook;
  const isOverlapping = previousSecretUntil !== null && previousSecretUntil > now;
  const values = { id, url, description, eventTypes };
  return (
    <Card footer={mayChange ? <ChangeWebhook events={eventChoices} values={values} change={change} /> : undefined}>
      <DefinitionList
        rows={[
          { term: "Address", value: <span className="break-all">{url}</span> },
          { term: "Events", value: eventTypes.join(", ") },
          ...(failingSince ? [{ term: "Failing", value: <Since at={failingSince} /> }] : []),
          ...(isOverlapping ? [{ term: "Old secret", value: <Until at={previousSecretUntil} /> }] : []),
          { term: "Added", value: <Time at={createdAt} form="date" /> },
          { term: "Id", value: <Copyable text={id} noun="webhook id" /> },
        ]}
      />
    </Card>
  );
}

const Since = ({ at }: { at: Date }) => (
  <>
    Nothing has arrived there since <Time at={at} form="instant" />. After five days it is switched off.
  </>
);

const Until = ({ at }: { at: Date }) => (
  <>
    Signs as well until <Time at={at} form="instant" />
  </>
);
