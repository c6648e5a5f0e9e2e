import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormTextarea } from "#components/ui/form-fields.tsx";
import { coveredWords, RequestFacts } from "#components/zero-retention/request-facts.tsx";
import { RequestMessages, RequestSteps } from "#components/zero-retention/request-history.tsx";
import { ZeroRetentionState } from "#components/zero-retention/zero-retention-state.tsx";
import { after, isUndecided } from "#lib/domain/zero-retention/rules.ts";
import type { RequestView } from "#lib/domain/zero-retention/view.ts";
import { answer, end, withdraw } from "./actions.ts";

type Props = { request: RequestView; now: Date; mayAct: boolean; level: "open" | "closed" };

/** One request: what was asked, what came of it, what was written and the evidence. */
export function RequestCard({ request, now, mayAct, level }: Props) {
  return (
    <Card
      title={`Zero retention: ${coveredWords(request)}`}
      aside={<ZeroRetentionState request={request} />}
      footer={mayAct && level === "open" ? <Acts request={request} /> : undefined}
    >
      <div className="flex flex-col gap-5">
        <RequestFacts request={request} now={now} />
        {request.messages.length > 0 ? <RequestMessages messages={request.messages} now={now} /> : null}
        {request.steps.length > 0 ? <RequestSteps steps={request.steps} /> : null}
      </div>
    </Card>
  );
}

function Acts({ request: { id, state } }: { request: RequestView }) {
  return (
    <>
      {after(state, "answer") ? (
        <FormDialog
          trigger="Answer…"
          triggerLook={{ emphasis: "primary" }}
          title="Answer the question"
          submit="Send answer"
          hidden={{ id }}
          action={answer}
        >
          <FormTextarea label="Answer" name="answer" rows={5} maxLength={4000} autoComplete="off" />
        </FormDialog>
      ) : null}
      {after(state, "withdraw") ? (
        <ConfirmDialog trigger="Withdraw" title="Withdraw this request" confirm="Withdraw request" action={withdraw}>
          <input type="hidden" name="id" value={id} />
          <p className="text-ui">
            {isUndecided(state)
              ? "Nothing changes, and you can ask again at any time."
              : "From the next request on what is asked and answered is kept for 30 days. What is deleted stays deleted."}
          </p>
        </ConfirmDialog>
      ) : null}
      {state === "active" || state === "ending" ? (
        <ConfirmDialog
          trigger="End zero retention"
          triggerLook={{ tone: "bad" }}
          title="End zero retention"
          confirm="End zero retention"
          action={end}
        >
          <input type="hidden" name="id" value={id} />
          <p className="text-ui">
            From now on 30 days are kept of what is asked and answered. To have zero retention again you have to ask
            anew.
          </p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
