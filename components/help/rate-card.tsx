import { Card } from "#components/ui/card.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { Rating } from "#lib/domain/help/view.ts";

type Props = { ticketId: string; rating: Rating | null; canRate: boolean; rate: Action<void> };

/** Two answers and a sentence, once. */
export function RateCard({ ticketId, rating, canRate, rate }: Props) {
  if (rating) {
    return (
      <Card title={rating.isGood ? "You said that this helped" : "You said that this did not help"}>
        {rating.words ? <p className="text-ui whitespace-pre-line">{rating.words}</p> : null}
      </Card>
    );
  }
  if (!canRate) return null;
  return (
    <Card
      title="Did this help?"
      description="Your answer is read by the people who help, and counted."
      footer={
        <>
          <Answer ticketId={ticketId} verdict="bad" trigger="No, it did not" rate={rate} />
          <Answer ticketId={ticketId} verdict="good" trigger="Yes, it helped" rate={rate} />
        </>
      }
    />
  );
}

type AnswerProps = { ticketId: string; verdict: "good" | "bad"; trigger: string; rate: Action<void> };

const Answer = ({ ticketId, verdict, trigger, rate }: AnswerProps) => (
  <FormDialog
    trigger={trigger}
    triggerLook={{ size: "small" }}
    title={verdict === "good" ? "It helped" : "It did not help"}
    submit="Send answer"
    hidden={{ ticketId, verdict }}
    action={rate}
  >
    <FormTextarea label="In a sentence" name="words" rows={3} maxLength={500} hint="optional" />
  </FormDialog>
);
