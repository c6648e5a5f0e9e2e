import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormTextarea } from "#components/ui/form-fields.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { DisputeDetail } from "#lib/domain/billing/disputes/view.ts";

type Props = {
  dispute: DisputeDetail;
  now: Date;
  /** Left out once it is decided. */
  answer?: Action<void>;
};

/** What the customer and the staff wrote to each other. */
export function DisputeThread({ dispute, now, answer }: Props) {
  const { id: disputeId, organizationId, organizationName, messages } = dispute;
  return (
    <Card
      title="Messages"
      description={messages.length === 0 ? "None yet." : undefined}
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
          </FormDialog>
        ) : undefined
      }
    >
      {messages.length > 0 ? (
        <ol className="flex flex-col gap-4 text-ui">
          {messages.map((message) => (
            <li key={message.id}>
              <p className="flex flex-wrap items-center gap-2 text-text-soft">
                <span className="font-medium text-text">{message.authorName}</span>
                {message.from === "staff" ? (
                  <Badge plain tone="warn">
                    Staff
                  </Badge>
                ) : null}
                <Time at={message.at} now={now} />
              </p>
              <p className="max-w-[72ch] break-words whitespace-pre-line">{message.body}</p>
            </li>
          ))}
        </ol>
      ) : undefined}
    </Card>
  );
}
