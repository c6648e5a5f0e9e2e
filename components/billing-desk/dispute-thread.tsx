import { Thread } from "#components/billing/dispute-thread.tsx";
import { MessageFiles } from "#components/billing/message-files.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { DisputeDetail } from "#lib/domain/billing/disputes/view.ts";

type Props = {
  dispute: DisputeDetail;
  /** The address of the dispute at the desk. */
  base: string;
  now: Date;
  /** Left out once it is decided. */
  answer?: Action<void>;
};

/** What the customer and the staff wrote to each other. */
export function DisputeThread({ dispute, base, now, answer }: Props) {
  const { id: disputeId, organizationId, organizationName, messages } = dispute;
  return (
    <Card
      title="Messages"
      hint={answer ? "The customer gets your message by e-mail and on the page of the dispute." : undefined}
      footer={
        answer ? (
          <FormDialog
            trigger="Write a message…"
            title={`Write to ${organizationName}`}
            submit="Send message"
            hidden={{ organizationId, disputeId }}
            action={answer}
          >
            <FormTextarea label="Message" name="body" rows={5} maxLength={4000} />
            <MessageFiles />
          </FormDialog>
        ) : undefined
      }
    >
      <Thread messages={messages} base={base} now={now} />
    </Card>
  );
}
